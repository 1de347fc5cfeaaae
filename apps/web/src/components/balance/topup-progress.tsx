'use client';

import type { Topup } from '@hourly/sdk/react';
import Link from 'next/link';
import type { ReactNode, RefObject } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import { useOnline } from '../../hooks/use-online.ts';
import { useRegainedFocus } from '../../hooks/use-regained-focus.ts';
import { sayingOf } from '../../lib/checkout-saying.ts';
import { cn } from '../../lib/cn.ts';
import { isPayable } from '../../lib/pending-topup.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { buttonClasses } from '../ui/button.tsx';
import { PaymentReference } from './payment-reference.tsx';
import { StatusButton } from './status-button.tsx';
import { TopupStatus } from './topup-status.tsx';

type TopupProgressProps = {
  checkout: CheckoutControl;
  /** Lets the customer choose anew, with this amount chosen. */
  onChoose: (topup: Topup) => void;
  onDone: () => void;
  className?: string;
};

/** Where the payment stands, in words that promise no more than the server has said, and the way on. */
export function TopupProgress({ checkout, className, ...ways }: TopupProgressProps) {
  const { flow } = checkout;
  const saying = sayingOf(flow, useOnline());
  const next = useRegainedFocus<HTMLButtonElement>(flow.step);
  if (!saying) return null;
  return (
    <TopupStatus
      saying={saying}
      data-testid="topup-status"
      data-step={flow.step}
      className={className}
    >
      {wayOn(checkout, { ...ways, first: { ref: next, 'data-first-focus': '' } })}
    </TopupStatus>
  );
}

type Ways = Pick<TopupProgressProps, 'onChoose' | 'onDone'> & {
  /** Marks what is to be done next. */
  first: { ref: RefObject<HTMLButtonElement | null>; 'data-first-focus': string };
};

function wayOn(checkout: CheckoutControl, { onChoose, onDone, first }: Ways): ReactNode {
  const { flow, topups, payAgain, checkAgain, reset } = checkout;
  const close = () => {
    reset();
    onDone();
  };
  switch (flow.step) {
    case 'dismissed':
      return (
        <StatusButton {...first} onClick={() => payAgain(flow.topup)}>
          Continue payment
        </StatusButton>
      );
    case 'failed':
    case 'unavailable':
      // Test accounts have no order to pay again.
      return isPayable(flow.topup) ? (
        <StatusButton {...first} onClick={() => payAgain(flow.topup)}>
          Try again
        </StatusButton>
      ) : null;
    case 'expired':
      return (
        <StatusButton {...first} onClick={() => onChoose(flow.topup)}>
          Top up again
        </StatusButton>
      );
    case 'delayed':
      return (
        <>
          <PaymentReference note={topups.notes.get(flow.topup.id)} />
          <FailureNotice failure={flow.failure} className="mt-3 bg-surface" />
          <div className="flex gap-2">
            <StatusButton {...first} onClick={() => checkAgain(flow.topup)}>
              Check again
            </StatusButton>
            <StatusButton onClick={close}>Close</StatusButton>
          </div>
        </>
      );
    case 'credited':
      return (
        <div className="flex gap-2">
          <Link
            href={`/hourly-usage/receipts/topups/${flow.topup.id}`}
            className={cn(buttonClasses(), 'mt-3 h-11 flex-1')}
            prefetch={false}
            data-testid="credited-receipt"
          >
            Receipt
          </Link>
          <StatusButton {...first} onClick={close}>
            Done
          </StatusButton>
        </div>
      );
    default:
      return null;
  }
}
