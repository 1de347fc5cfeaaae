import type pg from 'pg';
import type { Cast } from '../cast.ts';
import type { Theirs } from './theirs.ts';

export interface OurTopup {
  id: string;
  accountId: string;
  status: string;
  cents: number;
  paise: number;
  rate: number;
  refundedCents: number;
  orderId: string | null;
  paymentId: string | null;
  isPaid: boolean;
  isWatched: boolean;
}

export interface OurPayment {
  id: string;
  orderId: string | null;
  topupId: string | null;
  status: 'credited' | 'kept';
  why: string | null;
  source: string;
  paise: number;
  currency: string;
}

export interface OurRefund {
  id: string;
  topupId: string | null;
  paymentId: string;
  cents: number;
  paise: number;
  status: string;
  source: string;
  providerId: string | null;
  /** It was over when its payment was credited. */
  isAdopted: boolean;
}

export interface OurDispute {
  id: string;
  topupId: string | null;
  paymentId: string;
  cents: number;
  paise: number;
  status: string;
}

export interface OurEntry {
  accountId: string;
  type: string;
  /** What it adds to the balance. */
  cents: number;
  topupId: string | null;
  refundId: string | null;
  disputeId: string | null;
}

export interface OurAccount {
  id: string;
  cents: number;
  isRunning: boolean;
}

/** What the product has written down about everybody of a chapter. */
export interface Ours {
  topups: OurTopup[];
  payments: OurPayment[];
  refunds: OurRefund[];
  disputes: OurDispute[];
  entries: OurEntry[];
  accounts: OurAccount[];
  /** How often each thing was told of each top-up: `topup.paid <id>`, `refund.processed <id of the refund>`. */
  told: Map<string, number>;
  unprocessedEvents: { id: string; error: string | null }[];
  jobs: { task: string; attempts: number; error: string | null }[];
}

export async function readOurs({ stage, customers }: Cast, theirs: Theirs): Promise<Ours> {
  const accounts = customers.map(({ accountId }) => accountId);
  const payments = theirs.payments.map(({ id }) => id);
  const all = <Row extends pg.QueryResultRow>(sql: string, args: unknown[] = []): Promise<Row[]> =>
    stage.db.owner.query<Row>(sql, args).then(({ rows }) => rows);
  const [topups, credited, refunds, disputes, entries, balances, told, unprocessed, jobs] =
    await Promise.all([
      all<OurTopup>(
        `select id, account_id::text as "accountId", status, amount_cents::integer as cents,
           amount_inr_paise::integer as paise, inr_per_usd as rate, refunded_cents::integer as "refundedCents",
           razorpay_order_id as "orderId", razorpay_payment_id as "paymentId", paid_at is not null as "isPaid",
           next_check_at is not null as "isWatched"
         from hourly_topup_transactions where account_id = any ($1)`,
        [accounts],
      ),
      all<OurPayment>(
        `select payment_id as id, order_id as "orderId", topup_id as "topupId", status, why, source,
           amount_paise::integer as paise, currency
         from hourly_payments p
         where payment_id = any ($1) or topup_id in (select id from hourly_topup_transactions where account_id = any ($2))`,
        [payments, accounts],
      ),
      all<OurRefund>(
        `select r.id, topup_id as "topupId", payment_id as "paymentId", r.amount_cents::integer as cents,
           r.amount_paise::integer as paise, r.status, source, razorpay_refund_id as "providerId",
           coalesce(settled_at < t.paid_at, false) as "isAdopted"
         from hourly_refunds r left join hourly_topup_transactions t on t.id = r.topup_id
         where payment_id = any ($1) or r.account_id = any ($2)`,
        [payments, accounts],
      ),
      all<OurDispute>(
        `select dispute_id as id, topup_id as "topupId", payment_id as "paymentId", amount_cents::integer as cents,
           amount_paise::integer as paise, status
         from hourly_disputes where payment_id = any ($1) or account_id = any ($2)`,
        [payments, accounts],
      ),
      all<OurEntry>(
        `select a.id::text as "accountId", e.type, topup_id as "topupId", refund_id as "refundId", dispute_id as "disputeId",
           (case when e.debit_account_id = a.id then -e.amount_cents else e.amount_cents end)::integer as cents
         from hourly_account_balance a join hourly_ledger_entries e on e.account_id = a.id
         where a.id = any ($1)`,
        [accounts],
      ),
      all<OurAccount>(
        `select id::text as id, balance_cents::integer as cents, paid_until is not null as "isRunning"
         from hourly_account_balance where id = any ($1)`,
        [accounts],
      ),
      all<{ what: string; times: number }>(
        `select type || ' ' || coalesce(data #>> '{refund,id}', data ->> 'id') as what, count(*)::integer as times
         from hourly_events where account_id = any ($1) and type in ('topup.paid', 'refund.processed')
         group by 1`,
        [accounts],
      ),
      all<{ id: string; error: string | null }>(
        `select event_id as id, last_error as error from hourly_webhook_events where processed_at is null`,
      ),
      all<{ task: string; attempts: number; error: string | null }>(
        `select t.identifier as task, j.attempts, j.last_error as error
         from hourly_jobs._private_jobs j join hourly_jobs._private_tasks t on t.id = j.task_id`,
      ),
    ]);
  return {
    topups,
    payments: credited,
    refunds,
    disputes,
    entries,
    accounts: balances,
    told: new Map(told.map(({ what, times }) => [what, times])),
    unprocessedEvents: unprocessed,
    jobs,
  };
}

/** What something has added to a balance, all in all. */
export const netOf = (
  entries: readonly OurEntry[],
  is: (entry: OurEntry) => boolean,
): { cents: number; entries: number } => {
  const mine = entries.filter(is);
  return { cents: mine.reduce((sum, { cents }) => sum + cents, 0), entries: mine.length };
};
