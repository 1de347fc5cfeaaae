import type { Topup } from '@hourly/contract';
import type { TopupRecord } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';

/** A top-up as callers see it: without what is internal, with what a browser needs to pay it. */
export function presentTopup(
  { payments }: Pick<ServiceContext, 'payments'>,
  { accountId: _accountId, mode: _mode, orderId, ...topup }: TopupRecord,
): Topup {
  const checkout =
    orderId === null
      ? null
      : {
          keyId: payments.keyId,
          orderId,
          amount: topup.amountInrPaise,
          currency: 'INR' as const,
        };
  return { ...topup, checkout };
}
