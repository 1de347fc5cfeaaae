'use client';

import { hourly, type Topup } from '@hourly/sdk/react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import { formatTime, formatUsd } from '../../lib/format.ts';
import { Button } from '../ui/button.tsx';

const askedForMs = 24 * 3600_000;

/** The newest top-up when nobody has paid it yet: after a reload, or from another device. */
export function UnpaidTopup({ checkout, nowMs }: { checkout: CheckoutControl; nowMs: number }) {
  const topups = hourly.hourlyUsage.topups.useQuery({ limit: 1 });
  const topup = topups.data?.items[0];
  const { step } = checkout.flow;
  if (step !== 'choosing' && step !== 'dismissed') return null;
  if (!topup || !isUnpaid(topup, nowMs)) return null;
  return (
    <div data-testid="unpaid-topup" className="mt-6 rounded-xl bg-sunken p-4">
      <p className="text-sm font-medium">
        {formatUsd(topup.amountCents)} from {formatTime(topup.createdAt, nowMs)} isn’t paid
      </p>
      <p className="mt-0.5 text-[13px] text-ink-soft text-pretty">
        {topup.status === 'failed'
          ? 'The last attempt failed.'
          : 'If you have paid, it appears here by itself.'}
      </p>
      <Button size="small" className="mt-3 w-full" onClick={() => void checkout.payAgain(topup)}>
        Finish the payment
      </Button>
    </div>
  );
}

const isUnpaid = (topup: Topup, nowMs: number): boolean =>
  (topup.status === 'created' || topup.status === 'failed') &&
  topup.checkout !== null &&
  nowMs - Date.parse(topup.createdAt) < askedForMs;
