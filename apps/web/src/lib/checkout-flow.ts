import type { Topup } from '@hourly/sdk/react';

/**
 * The states of paying for one top-up. Money appears only in `credited`, which nothing but the server's own answer
 * reaches.
 */
export type CheckoutFlow =
  | { step: 'choosing' }
  /** The order is being made and the checkout loaded. */
  | { step: 'opening' }
  /** Razorpay's window is open. `problem`: why the last attempt in it failed. */
  | { step: 'open'; topup: Topup; problem: string | null }
  | { step: 'dismissed'; topup: Topup }
  | { step: 'failed'; topup: Topup | null; problem: string }
  /** Paid as far as the browser knows; the server has not credited it yet. */
  | { step: 'confirming'; topup: Topup }
  /** Still not credited after the time limit. It will be, without this page. */
  | { step: 'delayed'; topup: Topup }
  | { step: 'credited'; topup: Topup };

export type CheckoutEvent =
  | { type: 'pay' }
  | { type: 'opened'; topup: Topup }
  | { type: 'attempt_failed'; problem: string }
  | { type: 'dismissed' }
  | { type: 'paid_in_browser' }
  | { type: 'resumed'; topup: Topup }
  | { type: 'answered'; topup: Topup }
  | { type: 'refused'; problem: string }
  | { type: 'took_too_long' }
  | { type: 'reset' };

export const choosing: CheckoutFlow = { step: 'choosing' };

const bankProblem = 'It was declined. Nothing was added to your balance.';

/** The next state. An event that makes no sense in a state leaves it as it is. */
export function checkoutFlow(flow: CheckoutFlow, event: CheckoutEvent): CheckoutFlow {
  switch (event.type) {
    case 'reset':
      return choosing;
    case 'pay':
      return isUnderWay(flow) ? flow : { step: 'opening' };
    case 'opened':
      return flow.step === 'opening' ? { step: 'open', topup: event.topup, problem: null } : flow;
    case 'attempt_failed':
      return flow.step === 'open' ? { ...flow, problem: event.problem } : flow;
    case 'dismissed':
      return flow.step === 'open' ? afterDismissal(flow) : flow;
    case 'paid_in_browser':
      return flow.step === 'open' ? { step: 'confirming', topup: flow.topup } : flow;
    case 'resumed':
      return isUnderWay(flow) ? flow : { step: 'confirming', topup: event.topup };
    case 'refused':
      return flow.step === 'credited'
        ? flow
        : { step: 'failed', topup: topupOf(flow), problem: event.problem };
    case 'took_too_long':
      return flow.step === 'confirming' ? { step: 'delayed', topup: flow.topup } : flow;
    case 'answered':
      return afterAnswer(flow, event.topup);
  }
}

/** Is a payment under way, so that another can't begin? */
function isUnderWay(flow: CheckoutFlow): boolean {
  return flow.step === 'opening' || flow.step === 'open' || flow.step === 'confirming';
}

/** The top-up that a state is about; null before it exists. */
export function topupOf(flow: CheckoutFlow): Topup | null {
  return 'topup' in flow ? flow.topup : null;
}

function afterDismissal(flow: CheckoutFlow & { step: 'open' }): CheckoutFlow {
  if (flow.problem === null) return { step: 'dismissed', topup: flow.topup };
  return { step: 'failed', topup: flow.topup, problem: flow.problem };
}

function afterAnswer(flow: CheckoutFlow, topup: Topup): CheckoutFlow {
  if (topup.status === 'paid' || topup.status === 'refunded') return { step: 'credited', topup };
  // After a payment in the browser a failed attempt of before may still be the newest thing the server knows.
  if (topup.status === 'failed' && flow.step === 'opening') {
    return { step: 'failed', topup, problem: bankProblem };
  }
  return flow;
}
