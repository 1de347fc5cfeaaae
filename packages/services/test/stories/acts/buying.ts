import { randomUUID } from 'node:crypto';
import { createTopup } from '../../../src/index.ts';
import { type Cast, type Customer, type Purchase, pick, Wrong } from '../cast.ts';
import type { Accident, ActOf } from '../chapter.ts';
import { atOnce, reasonOf, run } from './run.ts';

/** A customer buys, or repeats what was left unanswered. */
export async function buy(cast: Cast, customer: Customer, act: ActOf<'buy'>): Promise<boolean> {
  const purchase = purchaseOf(customer, act);
  const calls = [ask(cast, customer, act, purchase)];
  if (act.asks === 'twice at once') {
    purchase.isContested = true;
    calls.push(ask(cast, customer, { ...act, accident: null }, purchase, act.accident));
  }
  await atOnce(calls);
  return true;
}

function purchaseOf(customer: Customer, { asks, nth, cents }: ActOf<'buy'>): Purchase {
  const known = asks === 'again' ? pick([...customer.purchases].reverse(), nth) : undefined;
  if (known !== undefined) return known;
  const purchase = { key: randomUUID(), cents, topupId: null, isContested: false };
  customer.purchases.push(purchase);
  return purchase;
}

async function ask(
  cast: Cast,
  { accountId }: Customer,
  act: ActOf<'buy'>,
  purchase: Purchase,
  meanwhile: Accident | null = null,
): Promise<void> {
  const { key, cents } = purchase;
  const input = { accountId, amountCents: cents, request: { key, inputHash: `${cents}` } };
  // An outage hits whoever asks.
  const out = meanwhile?.kind === 'outage' ? (['PAYMENT_PROVIDER_ERROR'] as const) : [];
  const allowed = ['REQUEST_IN_PROGRESS', ...out] as const;
  const part = { role: 'web', accident: act.accident, allowed } as const;
  const outcome = await run(cast, act, part, (ctx) => createTopup(ctx, input));
  const hasToWait = reasonOf(outcome) === 'REQUEST_IN_PROGRESS';
  if (hasToWait && !purchase.isContested && !cast.isCrowded) {
    throw new Wrong('a purchase is in progress, and nobody makes its order');
  }
  if (outcome.is !== 'done') {
    // Whoever makes the order holds it for a minute, dead or alive.
    purchase.isContested ||= act.accident !== null && act.accident.kind !== 'outage';
    return;
  }
  const { id, status, amountCents, checkout } = outcome.result;
  if (id !== (purchase.topupId ?? id)) throw new Wrong('one key has bought twice');
  if (amountCents !== cents) throw new Wrong(`asked for ${cents} cents, got ${amountCents}`);
  if (status === 'created' && checkout === null) throw new Wrong('a top-up that nobody can pay');
  purchase.topupId = id;
}
