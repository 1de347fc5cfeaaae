import { auditAccounts, type BookDifference } from '@hourly/db';
import type { Delivery } from '@hourly/sandbox';
import { type Cast, count } from '../cast.ts';
import { checkPayments } from './check-payments.ts';
import { checkDisputes, checkRefunds } from './check-refunds.ts';
import { type Ours, readOurs } from './ours.ts';
import { isCaptured, readTheirs, stateOf, type Theirs } from './theirs.ts';

/** What jobs alone have to bring about: whatever the product has taken is done. */
export async function checkAfterJobs(cast: Cast): Promise<string[]> {
  const theirs = await readTheirs(cast.stage);
  const ours = await readOurs(cast, theirs);
  const { webhooks } = cast.stage.provider;
  const taken = [...cast.mail].filter(([, state]) => state === 'taken');
  const events = taken.flatMap(([eventId]) => webhooks.list({ eventId }, { count: 1 }));
  return [
    ...checkQuiet(ours),
    ...events.flatMap((event) =>
      isDone(ours, theirs, event) ? [] : [`nothing came of ${event.event} ${event.eventId}`],
    ),
  ];
}

function checkQuiet({ jobs, unprocessedEvents }: Ours): string[] {
  return [
    ...jobs.map((job) => `a job is left: ${JSON.stringify(job)}`),
    ...unprocessedEvents.map((event) => `an event is not processed: ${JSON.stringify(event)}`),
  ];
}

function isDone(ours: Ours, theirs: Theirs, { event, body }: Delivery): boolean {
  const { payload } = JSON.parse(body) as {
    payload: Record<string, { entity: { id: string; status: string; payment_id: string } }>;
  };
  const [about, turn] = [event.split('.')[0], event.split('.').at(-1)];
  const isOurs = (paymentId: string | undefined) =>
    theirs.payments.some((payment) => payment.id === paymentId && isCaptured(payment));
  if (event.startsWith('payment.dispute')) {
    const dispute = payload.dispute?.entity;
    const row = ours.disputes.find(({ id }) => id === dispute?.id);
    const isEnd = turn === 'won' || turn === 'lost' || turn === 'closed';
    return row !== undefined && (!isEnd || row.status === turn);
  }
  if (about === 'refund') {
    const refund = payload.refund?.entity;
    if (!isOurs(refund?.payment_id)) return true;
    const row = ours.refunds.find(({ providerId }) => providerId === refund?.id);
    return row !== undefined && (refund?.status === 'pending' || row.status === refund?.status);
  }
  const isPaid = event === 'payment.captured' || event === 'order.paid';
  return !isPaid || ours.payments.some(({ id }) => id === payload.payment?.entity.id);
}

/** What asking about orders alone has to bring about: nobody who paid an order that is still watched goes without. */
export async function checkAfterReconciling(cast: Cast): Promise<string[]> {
  const theirs = await readTheirs(cast.stage);
  const ours = await readOurs(cast, theirs);
  return ours.topups
    .filter(
      ({ id, isWatched, isPaid, paise }) =>
        isWatched &&
        !isPaid &&
        theirs.payments.some(
          (payment) =>
            isCaptured(payment) &&
            payment.amount === paise &&
            payment.currency === 'INR' &&
            theirs.orders.some((order) => order.id === payment.order_id && order.receipt === id),
        ),
    )
    .map(({ id }) => `top-up ${id} was asked for and paid, and is not credited`);
}

/** What asking about pending refunds alone has to bring about. */
export async function checkAfterPendingRefunds(cast: Cast): Promise<string[]> {
  const theirs = await readTheirs(cast.stage);
  const ours = await readOurs(cast, theirs);
  const open = theirs.refunds.filter(({ status }) => status === 'pending').map(({ id }) => id);
  return ours.refunds
    .filter(({ status, providerId }) => status === 'pending' && !open.includes(providerId ?? ''))
    .map(({ id }) => `refund ${id} is over, and pending here`);
}

/** At the end of all: our books and the provider's are the same. */
export async function checkAll(cast: Cast): Promise<string[]> {
  const theirs = await readTheirs(cast.stage);
  const ours = await readOurs(cast, theirs);
  for (const end of endsOf(ours, theirs)) count(cast.tally.ends, end);
  return [
    ...checkQuiet(ours),
    ...checkPayments(ours, theirs),
    ...checkRefunds(ours, theirs),
    ...checkDisputes(ours, theirs),
    ...checkTotals(ours, theirs),
    ...checkRequests(cast, ours),
    ...(await checkAudit(cast)),
  ];
}

/** Whatever was asked for under one key was done once. */
function checkRequests({ customers, timesGivenBack }: Cast, ours: Ours): string[] {
  const asked = customers.flatMap(({ refundRequests }) => refundRequests).length + timesGivenBack;
  const made = ours.refunds.filter(({ source }) => source === 'operator').length;
  return [
    ...(made > asked ? [`the operator asked for ${asked} refunds, and made ${made}`] : []),
    ...customers.flatMap(({ accountId, purchases }) => {
      const topups = ours.topups.filter((topup) => topup.accountId === accountId).length;
      return topups > purchases.length
        ? [`account ${accountId} has ${topups} top-ups of ${purchases.length} purchases`]
        : [];
    }),
  ];
}

/** Everything together, without asking which refund is which. */
function checkTotals(ours: Ours, theirs: Theirs): string[] {
  const credited = new Set(
    ours.payments.filter(({ status }) => status === 'credited').map(({ id }) => id),
  );
  const sum = (rows: readonly { amount: number }[]) =>
    rows.reduce((total, { amount }) => total + amount, 0);
  const paidIn = sum(theirs.payments.filter(({ id }) => credited.has(id)));
  const refunded = sum(
    theirs.refunds.filter((one) => credited.has(one.payment_id) && one.status !== 'failed'),
  );
  const held = theirs.disputes.filter(
    (one) => credited.has(one.payment_id) && ['open', 'lost'].includes(stateOf(one)),
  );
  const hours = -ours.entries
    .filter(({ type }) => type === 'hour')
    .reduce((total, { cents }) => total + cents, 0);
  const balance = ours.accounts.reduce((total, { cents }) => total + cents, 0);
  const expected = (paidIn - refunded - sum(held)) / 83 - hours;
  // Half a cent for every refund and dispute, and one for what failed among them.
  const slack = theirs.refunds.length * 1.5 + theirs.disputes.length * 0.5;
  return [
    ...(Math.abs(balance - expected) <= slack
      ? []
      : [`all balances are ${balance} cents, and ${expected} by the provider's books`]),
    ...ours.accounts.flatMap((account) => {
      const cents = ours.entries
        .filter(({ accountId }) => accountId === account.id)
        .reduce((total, entry) => total + entry.cents, 0);
      return cents === account.cents
        ? []
        : [`account ${account.id}: ${account.cents}, not ${cents}`];
    }),
    ...ours.accounts
      .filter(({ cents, isRunning }) => cents < 0 && isRunning)
      .map(({ id }) => `account ${id} is below zero, and its session runs`),
  ];
}

/** The operator is shown each payment that was kept and not given back, once, and nothing else. */
export async function checkDifferences(
  cast: Cast,
  differences: readonly BookDifference[],
): Promise<string[]> {
  const theirs = await readTheirs(cast.stage);
  const ours = await readOurs(cast, theirs);
  const expected = theirs.payments
    .filter(isCaptured)
    .filter(({ amount, amount_refunded }) => amount_refunded < amount)
    .flatMap(({ id }) => ours.payments.filter((row) => row.id === id && row.status === 'kept'))
    .map(({ id, why }) => `payment_kept ${id} ${why}`);
  const found = differences.map(({ kind, id, detail }) => `${kind} ${id} ${detail}`);
  return [
    ...expected.filter((one) => !found.includes(one)).map((one) => `not shown: ${one}`),
    ...found
      .filter((one, at) => !expected.includes(one) || found.indexOf(one) !== at)
      .map((one) => `shown: ${one}`),
  ];
}

async function checkAudit({ stage, customers }: Cast): Promise<string[]> {
  const ids = customers.map(({ accountId }) => BigInt(accountId));
  const first = ids[0] ?? 0n;
  const { differences } = await auditAccounts(stage.db, {
    afterAccountId: `${first - 1n}`,
    limit: ids.length,
  });
  return differences.map((difference) => `audit: ${JSON.stringify(difference)}`);
}

/** What everything has come to, for the record. */
const endsOf = (ours: Ours, theirs: Theirs): string[] => [
  ...ours.topups.map(({ status }) => `top-up ${status}`),
  ...ours.payments.map(({ status, why, source }) => `payment ${status}: ${why ?? source}`),
  ...theirs.payments
    .filter((payment) => !isCaptured(payment))
    .map(({ status }) => (status === 'refunded' ? 'payment given back' : `payment ${status}`)),
  ...ours.refunds.map(({ source, status, topupId }) => {
    const of = topupId === null ? ' of a kept payment' : '';
    return `refund by ${source}${of} ${status}`;
  }),
  ...ours.disputes.map(({ status }) => `dispute ${status}`),
  ...ours.accounts.filter(({ cents }) => cents < 0).map(() => 'account frozen'),
];
