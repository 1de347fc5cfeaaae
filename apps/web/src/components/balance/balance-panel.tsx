'use client';

import type { Balance, Status, Topup } from '@hourly/sdk/react';
import { useRef } from 'react';
import { type CheckoutControl, useCheckout } from '../../hooks/use-checkout.ts';
import { useChoice } from '../../hooks/use-choice.ts';
import { useOnline } from '../../hooks/use-online.ts';
import { sayingOf } from '../../lib/checkout-saying.ts';
import { count, formatInr, formatUsd } from '../../lib/format.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { BalancePanelSkeleton } from './balance-panel-skeleton.tsx';
import { Commitment } from './commitment.tsx';
import { TopupDialog } from './topup-dialog.tsx';
import { TopupProgress } from './topup-progress.tsx';
import { TopupReminder } from './topup-reminder.tsx';

type BalancePanelProps = {
  checkoutUrl: string;
  topupOpen: boolean;
  onTopupOpenChange: (open: boolean) => void;
};

/** What the account holds, what of it is the customer's to take back, and the way to add to it. */
export function BalancePanel({ status, ...rest }: BalancePanelProps & { status: Status | null }) {
  return status ? <LoadedBalance status={status} {...rest} /> : <BalancePanelSkeleton />;
}

function LoadedBalance(props: BalancePanelProps & { status: Status }) {
  const { status, checkoutUrl, topupOpen, onTopupOpenChange } = props;
  const { balance } = status;
  const checkout = useCheckout(checkoutUrl);
  const choosing = useChoice(balance.plan, checkout.topups.topups);
  const topupButton = useRef<HTMLButtonElement>(null);
  const { step } = checkout.flow;
  const setOpen = (open: boolean) => {
    onTopupOpenChange(open);
    // What goes on without the dialog goes on in the panel.
    if (!open && step !== 'confirming' && step !== 'delayed') checkout.reset();
  };
  const chooseAgain = ({ amountCents }: Topup) => {
    checkout.reset();
    choosing.setAmount(amountCents);
    onTopupOpenChange(true);
  };
  const isInDialog = topupOpen && step !== 'open';
  const isQuiet = step === 'choosing' || step === 'refused';
  return (
    <Card aria-label="Balance" className="flex flex-col p-5 sm:p-8 lg:p-6">
      <Figures balance={balance} />
      <Commitment balance={balance} />
      {isInDialog ? null : isQuiet ? (
        <TopupReminder
          checkout={checkout}
          nowMs={Date.parse(status.serverTime)}
          onChoose={chooseAgain}
        />
      ) : (
        <TopupProgress
          checkout={checkout}
          onChoose={chooseAgain}
          onDone={() => topupButton.current?.focus()}
          className="mt-6"
        />
      )}
      <div className="mt-auto pt-6">
        <Button
          ref={topupButton}
          className="h-11 w-full"
          data-testid="open-topup"
          onClick={() => setOpen(true)}
        >
          Top up
        </Button>
      </div>
      <TopupDialog
        open={topupOpen}
        onOpenChange={setOpen}
        balance={balance}
        checkout={checkout}
        choosing={choosing}
        fallback={topupButton}
      />
      <Announcer checkout={checkout} />
    </Card>
  );
}

function Figures({ balance }: { balance: Balance }) {
  return (
    <>
      <div className="flex h-6 items-center justify-between">
        <h2 className="text-sm font-medium text-ink-soft">Balance</h2>
        {balance.frozen && <Badge tone="halt">Frozen</Badge>}
      </div>
      <p
        data-testid="balance-usd"
        className="mt-5 text-[2.75rem] leading-none font-semibold tracking-[-0.04em]"
      >
        {formatUsd(balance.balanceCents)}
      </p>
      <p className="mt-2.5 text-sm text-ink-faint tabular-nums">
        ≈ <span data-testid="balance-inr">{formatInr(balance.balanceInrPaise)}</span> at ₹
        {balance.plan.inrPerUsd} a dollar
      </p>
      <dl className="mt-6 grid gap-3 border-t pt-5 text-sm">
        <Row name="Hours remaining" value={count(balance.hoursRemaining, 'hour')} />
        <Row name="Refundable" value={formatUsd(balance.refundableCents)} />
      </dl>
    </>
  );
}

/** Reads out where the payment stands. It is always there: what appears together with its words may go unheard. */
function Announcer({ checkout }: { checkout: CheckoutControl }) {
  const saying = sayingOf(checkout.flow, useOnline());
  return (
    <p aria-live="polite" className="sr-only" data-testid="topup-announcement">
      {saying && `${saying.title} ${saying.text ?? ''}`}
    </p>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-medium tabular-nums">{value}</dd>
    </div>
  );
}
