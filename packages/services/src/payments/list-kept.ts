import type { ServiceContext } from '../service-context.ts';

/** A payment that reached us and was never credited. */
export interface KeptPayment {
  paymentId: string;
  orderId: string | null;
  topupId: string | null;
  why: string | null;
  amountPaise: number;
  currency: string;
  /** Given back, or on its way. */
  refundedPaise: number;
  receivedAt: string;
}

/** The newest payments that wait for the operator: kept, and not given back as a whole. */
export async function listKeptPayments(
  { db }: Pick<ServiceContext, 'db'>,
  { limit }: { limit: number },
): Promise<KeptPayment[]> {
  const { rows } = await db.pool.query<KeptPayment & { amountPaise: string; receivedAt: Date }>(
    `select payment_id as "paymentId", order_id as "orderId", topup_id as "topupId", why,
            amount_paise as "amountPaise", currency, refunded.paise as "refundedPaise",
            created_at as "receivedAt"
       from hourly_payments p
      cross join lateral (
        select coalesce(sum(r.amount_paise), 0)::bigint from hourly_refunds r
         where r.payment_id = p.payment_id and r.status <> 'failed'
      ) as refunded (paise)
      where p.status = 'kept' and refunded.paise < p.amount_paise
      order by p.created_at desc
      limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    ...row,
    amountPaise: Number(row.amountPaise),
    refundedPaise: Number(row.refundedPaise),
    receivedAt: row.receivedAt.toISOString(),
  }));
}
