'use client';

import { Ban, CircleCheck, Clock, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CheckoutControl } from '../../hooks/use-checkout.ts';
import type { CheckoutFlow } from '../../lib/checkout-flow.ts';
import { cn } from '../../lib/cn.ts';
import { formatUsd } from '../../lib/format.ts';
import { Button } from '../ui/button.tsx';

type TopupProgressProps = {
  checkout: CheckoutControl;
  onDone?: () => void;
  className?: string;
};

/** Where the payment stands, in words that promise no more than the server has said. */
export function TopupProgress({ checkout, onDone, className }: TopupProgressProps) {
  const { flow } = checkout;
  const said = sayingOf(flow);
  if (!said) return null;
  const close = () => {
    checkout.reset();
    onDone?.();
  };
  return (
    <div
      role="status"
      data-testid="topup-status"
      data-step={flow.step}
      className={cn('rounded-xl p-4', said.wash, className)}
    >
      <div className="flex gap-3">
        <span aria-hidden className="mt-0.5 [&_svg]:size-[18px]">
          {said.icon}
        </span>
        <div className="min-w-0 flex-1">
          <p className="text-sm font-medium">{said.title}</p>
          {said.text && <p className="mt-0.5 text-[13px] text-ink-soft text-pretty">{said.text}</p>}
        </div>
      </div>
      {(flow.step === 'credited' || flow.step === 'delayed') && (
        <Button size="small" className="mt-3 w-full" onClick={close}>
          {flow.step === 'credited' ? 'Done' : 'Close'}
        </Button>
      )}
    </div>
  );
}

type Saying = { icon: ReactNode; title: string; text: string | null; wash: string };

const spinner = <LoaderCircle className="animate-spin text-ink-soft motion-reduce:animate-none" />;

function sayingOf(flow: CheckoutFlow): Saying | null {
  switch (flow.step) {
    case 'choosing':
      return null;
    case 'opening':
      return { icon: spinner, title: 'Opening the payment…', text: null, wash: 'bg-sunken' };
    case 'open':
      return {
        icon: spinner,
        title: 'Waiting for the payment',
        text: flow.problem ?? 'Finish it in Razorpay’s window.',
        wash: 'bg-sunken',
      };
    case 'dismissed':
      return {
        icon: <Ban className="text-ink-soft" />,
        title: 'Payment window closed',
        text: 'Nothing was paid. Your choice is still here.',
        wash: 'bg-sunken',
      };
    case 'failed':
      return {
        icon: <TriangleAlert className="text-halt-ink" />,
        title: 'Not paid',
        text: flow.problem,
        wash: 'bg-halt-wash',
      };
    case 'confirming':
      return {
        icon: spinner,
        title: 'Payment received, confirming',
        text: 'Usually a few seconds. You can close this; it goes on by itself.',
        wash: 'bg-sunken',
      };
    case 'delayed':
      return {
        icon: <Clock className="text-hold-ink" />,
        title: 'Still waiting for Razorpay',
        text: 'If you have paid, the money arrives here as soon as Razorpay reports it, even with this page closed.',
        wash: 'bg-hold-wash',
      };
    case 'credited':
      return {
        icon: <CircleCheck className="text-live-ink" />,
        title: `${formatUsd(flow.topup.amountCents)} added`,
        text: 'It is on your balance.',
        wash: 'bg-live-wash',
      };
  }
}
