import type { Topup } from '@hourly/sdk/react';
import type { Failure } from './failure.ts';

/**
 * The states of paying for one top-up. Money appears only in `credited`, which nothing but the server's own answer
 * reaches.
 */
export type CheckoutFlow =
  | { step: 'choosing' }
  /** The order is being made and the checkout loaded. */
  | { step: 'opening'; amountCents: number; slow: boolean }
  /** The order could not be made. */
  | { step: 'refused'; amountCents: number; failure: Failure }
  /** The order exists, but Razorpay's window could not be loaded. */
  | { step: 'unavailable'; topup: Topup }
  /** Razorpay's window is open. `problem`: why the last attempt in it failed. */
  | { step: 'open'; topup: Topup; problem: string | null }
  | { step: 'dismissed'; topup: Topup }
  | { step: 'failed'; topup: Topup; problem: string }
  /** Nobody has paid it in time. */
  | { step: 'expired'; topup: Topup }
  /** Paid as far as the browser knows; the server has not credited it yet. */
  | { step: 'confirming'; topup: Topup; slow: boolean }
  /** Still not credited after all tries. It will be, without this page. `failure`: why the server did not look. */
  | { step: 'delayed'; topup: Topup; failure: Failure | null }
  /** `balanceCents`: the balance with it; null when it could not be read. */
  | { step: 'credited'; topup: Topup; balanceCents: number | null };

export type CheckoutEvent =
  | { type: 'pay'; amountCents: number }
  | { type: 'takes_long' }
  | { type: 'refused'; failure: Failure }
  | { type: 'unavailable'; topup: Topup }
  | { type: 'opened'; topup: Topup }
  | { type: 'attempt_failed'; problem: string }
  | { type: 'dismissed' }
  | { type: 'paid_in_browser' }
  /** The server's answer: nothing to open, because the last attempt failed or nobody paid in time. */
  | { type: 'not_payable'; topup: Topup }
  /** A payment that this browser made is to be confirmed: after a reload, of another tab, or once more. */
  | { type: 'resumed'; topup: Topup }
  | { type: 'unconfirmed'; failure: Failure | null }
  /** The server has credited it. `noticed`: found while looking, not the answer to what was done here. */
  | { type: 'credited'; topup: Topup; balanceCents: number | null; noticed: boolean }
  | { type: 'reset' };

export const choosing: CheckoutFlow = { step: 'choosing' };

const bankProblem = 'It was declined. Nothing was added to your balance.';

/** The next state. An event that makes no sense in a state leaves it as it is. */
export function checkoutFlow(flow: CheckoutFlow, event: CheckoutEvent): CheckoutFlow {
  switch (event.type) {
    case 'reset':
      return choosing;
    case 'pay':
      return isUnderWay(flow)
        ? flow
        : { step: 'opening', amountCents: event.amountCents, slow: false };
    case 'takes_long':
      return flow.step === 'opening' || flow.step === 'confirming' ? { ...flow, slow: true } : flow;
    case 'attempt_failed':
      return flow.step === 'open' ? { ...flow, problem: event.problem } : flow;
    case 'dismissed':
      return flow.step === 'open' ? afterDismissal(flow) : flow;
    case 'paid_in_browser':
      return flow.step === 'open' ? confirming(flow.topup) : flow;
    case 'resumed':
      return mayResume(flow, event.topup) ? confirming(event.topup) : flow;
    case 'unconfirmed':
      return flow.step === 'confirming'
        ? { step: 'delayed', topup: flow.topup, failure: event.failure }
        : flow;
    case 'credited':
      return afterCredit(flow, event);
    default:
      return flow.step === 'opening' ? afterOpening(flow, event) : flow;
  }
}

/** Is a payment under way, so that another can't begin? */
export function isUnderWay({ step }: CheckoutFlow): boolean {
  return step === 'opening' || step === 'open' || step === 'confirming';
}

/** The top-up that a state is about; null where there is none yet. */
function topupOf(flow: CheckoutFlow): Topup | null {
  return 'topup' in flow ? flow.topup : null;
}

const confirming = (topup: Topup): CheckoutFlow => ({ step: 'confirming', topup, slow: false });

type Opening = Extract<CheckoutFlow, { step: 'opening' }>;
type EndOfOpening = Extract<
  CheckoutEvent,
  { type: 'refused' | 'unavailable' | 'opened' | 'not_payable' }
>;

function afterOpening({ amountCents }: Opening, event: EndOfOpening): CheckoutFlow {
  switch (event.type) {
    case 'refused':
      return { step: 'refused', amountCents, failure: event.failure };
    case 'unavailable':
      return { step: 'unavailable', topup: event.topup };
    case 'opened':
      return { step: 'open', topup: event.topup, problem: null };
    case 'not_payable':
      return event.topup.status === 'expired'
        ? { step: 'expired', topup: event.topup }
        : { step: 'failed', topup: event.topup, problem: bankProblem };
  }
}

function afterDismissal(flow: Extract<CheckoutFlow, { step: 'open' }>): CheckoutFlow {
  if (flow.problem === null) return { step: 'dismissed', topup: flow.topup };
  return { step: 'failed', topup: flow.topup, problem: flow.problem };
}

/** Another tab may pay what is open here; a different payment that is under way here goes on. */
const mayResume = (flow: CheckoutFlow, topup: Topup): boolean =>
  flow.step === 'open' ? flow.topup.id === topup.id : !isUnderWay(flow);

function afterCredit(
  flow: CheckoutFlow,
  { topup, balanceCents, noticed }: Extract<CheckoutEvent, { type: 'credited' }>,
): CheckoutFlow {
  const isAbout = topupOf(flow)?.id === topup.id;
  const isOwn = flow.step === 'opening' && !noticed;
  if (!isAbout && !isOwn && flow.step !== 'choosing') return flow;
  return { step: 'credited', topup, balanceCents };
}
