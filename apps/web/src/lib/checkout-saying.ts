import type { Topup } from '@hourly/sdk/react';
import type { CheckoutFlow } from './checkout-flow.ts';
import { formatTime, formatUsd } from './format.ts';
import type { Reminder } from './pending-topup.ts';

/** What is said of a payment. `busy`: something goes on; `late`: it takes its time; `bad`: it didn't work. */
export type Saying = {
  tone: 'plain' | 'busy' | 'late' | 'bad' | 'good';
  title: string;
  text: string | null;
};

/** Where the payment stands, in words that promise no more than the server has said. Null where nothing is to be said. */
export function sayingOf(flow: CheckoutFlow, online: boolean): Saying | null {
  switch (flow.step) {
    case 'choosing':
    case 'refused':
      return null;
    case 'opening':
      return { tone: 'busy', title: 'Opening the payment…', text: flow.slow ? slowOpening : null };
    case 'open':
      return {
        tone: 'busy',
        title: 'Waiting for the payment',
        text: flow.problem ?? 'Finish it in Razorpay’s window.',
      };
    case 'dismissed':
      return {
        tone: 'plain',
        title: 'Payment window closed',
        text: 'Nothing was paid here, and your choice is kept. If you did pay in your bank’s app, it appears by itself.',
      };
    case 'failed':
      return { tone: 'bad', title: 'Not paid', text: flow.problem };
    case 'unavailable':
      return {
        tone: 'bad',
        title: 'The payment window could not be loaded',
        text: 'The connection or an ad blocker keeps Razorpay away. Nothing was paid, and your choice is kept.',
      };
    case 'expired':
      return {
        tone: 'plain',
        title: 'That payment has expired',
        text: 'Nobody paid it within three days. Nothing was charged, and your choice is kept.',
      };
    case 'confirming':
      return {
        tone: 'busy',
        title: `Payment received, confirming ${formatUsd(flow.topup.amountCents)}`,
        text: confirming(flow, online),
      };
    case 'delayed':
      return awaitedSaying(flow.topup);
    case 'credited':
      return {
        tone: 'good',
        title: `${formatUsd(flow.topup.amountCents)} added`,
        text:
          flow.balanceCents === null
            ? 'It is on your balance.'
            : `Your balance is now ${formatUsd(flow.balanceCents)}.`,
      };
  }
}

const slowOpening =
  'Razorpay takes longer than usual to answer. You can close this and go on later; nothing is charged until you pay.';

function confirming({ slow }: { slow: boolean }, online: boolean): string {
  if (!online) return 'You are offline. It goes on when the connection is back.';
  if (slow) return 'Razorpay has not confirmed it yet. We keep asking; you can close this.';
  return 'Usually a few seconds. You can close this; it goes on by itself.';
}

/** Of a payment that this browser made and that takes its time to be credited. */
export const awaitedSaying = ({ amountCents }: Topup): Saying => ({
  tone: 'late',
  title: `Razorpay has not confirmed ${formatUsd(amountCents)} yet`,
  text: 'We’ll credit it as soon as Razorpay confirms; you can close this page. There is no need to pay again.',
});

/** What the balance panel says while no payment is under way. */
export function reminderSaying(reminder: Reminder, nowMs: number): Saying {
  const { topup } = reminder;
  const from = `${formatUsd(topup.amountCents)} from ${formatTime(topup.createdAt, nowMs)}`;
  switch (reminder.kind) {
    case 'awaited':
      return awaitedSaying(topup);
    case 'unpaid':
      return { tone: 'plain', title: `${from} isn’t paid`, text: unpaid(reminder) };
    case 'unfinished':
      return {
        tone: 'plain',
        title: `${from} could not be opened yet`,
        text: 'Razorpay has not answered. Nothing was charged.',
      };
    case 'expired':
      return {
        tone: 'plain',
        title: `${from} has expired`,
        text: 'Nobody paid it within three days. Nothing was charged.',
      };
  }
}

function unpaid({ topup, problem }: Extract<Reminder, { kind: 'unpaid' }>): string {
  if (problem !== null) return problem;
  if (topup.status === 'failed') return 'The last attempt failed. Nothing was charged.';
  return 'If you have paid, it appears here by itself.';
}
