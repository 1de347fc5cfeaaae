'use client';

import type { Topup } from '@hourly/sdk/react';
import type { ReactNode } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import { reminderSaying } from '../../lib/checkout-saying.ts';
import { type Reminder, reminderOf } from '../../lib/pending-topup.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { PaymentReference } from './payment-reference.tsx';
import { StatusButton } from './status-button.tsx';
import { TopupStatus } from './topup-status.tsx';

type TopupReminderProps = {
  checkout: CheckoutControl;
  /** The account's time. */
  nowMs: number;
  onChoose: (topup: Topup) => void;
};

/** What is left to be done about a top-up: after a reload, in another tab, from another device. */
export function TopupReminder({ checkout, nowMs, onChoose }: TopupReminderProps) {
  const { flow, topups, pay } = checkout;
  const reminder = reminderOf(topups.topups ?? [], topups.notes, nowMs);
  return (
    <>
      {flow.step === 'refused' && (
        <FailureNotice
          failure={flow.failure}
          onRetry={() => pay(flow.amountCents)}
          className="mt-6"
        />
      )}
      {reminder && flow.step !== 'refused' && (
        <TopupStatus
          saying={reminderSaying(reminder, nowMs)}
          data-testid="unpaid-topup"
          data-kind={reminder.kind}
          className="mt-6"
        >
          {wayOn(reminder, checkout, onChoose)}
        </TopupStatus>
      )}
    </>
  );
}

function wayOn(
  { kind, topup }: Reminder,
  { topups, payAgain, checkAgain }: CheckoutControl,
  onChoose: (topup: Topup) => void,
): ReactNode {
  switch (kind) {
    case 'awaited':
      return (
        <>
          <PaymentReference note={topups.notes.get(topup.id)} />
          <StatusButton onClick={() => checkAgain(topup)}>Check again</StatusButton>
        </>
      );
    case 'unpaid':
    case 'unfinished':
      return <StatusButton onClick={() => payAgain(topup)}>Continue payment</StatusButton>;
    case 'expired':
      return <StatusButton onClick={() => onChoose(topup)}>Top up again</StatusButton>;
  }
}
