import type { Payment } from '@hourly/sandbox';
import type { Cast, Customer } from '../cast.ts';

/** A top-up, as somebody sees it who looks at the dashboard. */
export interface Shown {
  topupId: string;
  orderId: string | null;
  amountCents: number;
  isPaid: boolean;
}

/** The newest first. */
export async function topupsOf(cast: Cast, { accountId }: Customer): Promise<Shown[]> {
  const { rows } = await cast.stage.db.owner.query<Shown>(
    `select id as "topupId", razorpay_order_id as "orderId", amount_cents::integer as "amountCents",
       paid_at is not null as "isPaid"
     from hourly_topup_transactions where account_id = $1 order by topup_no desc`,
    [accountId],
  );
  return rows;
}

/** Every order that has to do with a customer, the newest first, and then those of nobody. */
export async function ordersOf(cast: Cast, customer: Customer): Promise<string[]> {
  const topups = await topupsOf(cast, customer);
  const shown = topups.flatMap(({ orderId }) => orderId ?? []);
  return [...new Set([...shown, ...customer.lostOrders, ...cast.foreignOrders])];
}

/** The payments of these orders, and those without an order. */
export async function paymentsOf(cast: Cast, customer: Customer): Promise<Payment[]> {
  const { razorpay } = cast.stage.provider;
  const ofOrders = (await ordersOf(cast, customer)).flatMap((id) => razorpay.paymentsOf(id));
  const ofNone = cast.foreignPayments.flatMap((id) => razorpay.payment(id) ?? []);
  return [...ofOrders, ...ofNone];
}

/** What the provider answers to somebody at its dashboard; null when it refuses. */
export function attempt<Answer>(work: () => Answer): Answer | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.name === 'Problem') return null;
    throw error;
  }
}
