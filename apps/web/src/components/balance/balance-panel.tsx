'use client';

import type { Status } from '@hourly/sdk/react';
import { useCheckout } from '../../hooks/use-checkout.ts';
import { count, formatInr, formatUsd } from '../../lib/format.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { BalancePanelSkeleton } from './balance-panel-skeleton.tsx';
import { Commitment } from './commitment.tsx';
import { TopupDialog } from './topup-dialog.tsx';
import { TopupProgress } from './topup-progress.tsx';
import { UnpaidTopup } from './unpaid-topup.tsx';

type BalancePanelProps = {
  status: Status | null;
  checkoutUrl: string;
  topupOpen: boolean;
  onTopupOpenChange: (open: boolean) => void;
};

/** What the account holds, what of it is the customer's to take back, and the way to add to it. */
export function BalancePanel(props: BalancePanelProps) {
  const { status, checkoutUrl, topupOpen, onTopupOpenChange } = props;
  const checkout = useCheckout(checkoutUrl);
  if (!status) return <BalancePanelSkeleton />;
  const { balance } = status;
  const { flow } = checkout;
  const inProgress = flow.step !== 'choosing' && flow.step !== 'dismissed';
  const setOpen = (open: boolean) => {
    onTopupOpenChange(open);
    if (!open && (flow.step === 'credited' || flow.step === 'failed')) checkout.reset();
  };
  return (
    <Card aria-label="Balance" className="flex flex-col p-5 sm:p-8 lg:p-6">
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
      <Commitment balance={balance} />
      {inProgress && (!topupOpen || flow.step === 'open') ? (
        <TopupProgress checkout={checkout} className="mt-6" />
      ) : (
        <UnpaidTopup checkout={checkout} nowMs={Date.parse(status.serverTime)} />
      )}
      <div className="mt-auto pt-6">
        <Button className="w-full" data-testid="open-topup" onClick={() => setOpen(true)}>
          Top up
        </Button>
      </div>
      <TopupDialog open={topupOpen} onOpenChange={setOpen} balance={balance} checkout={checkout} />
    </Card>
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
