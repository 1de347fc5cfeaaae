import { errorOf } from '@hourly/sdk/react';
import { count, formatUsd } from './format.ts';

/** What went wrong, for the person in front of the screen. */
export type Failure = {
  title: string;
  text: string;
  /** Names the request to the operator; null when it never reached the server. */
  requestId: string | null;
  /** What helps: topping up, trying again, looking again, or signing in. */
  wayOn: 'topup' | 'retry' | 'refresh' | 'sign_in' | null;
  /** The call may have gone through although its answer got lost: a retry must use the same idempotency key. */
  uncertain: boolean;
};

type Text = Pick<Failure, 'title' | 'wayOn'> & { text?: string };

const texts: Record<string, Text> = {
  UNAUTHENTICATED: {
    title: 'You are signed out',
    text: 'Sign in again to go on. Your session and balance are as you left them.',
    wayOn: 'sign_in',
  },
  INSUFFICIENT_BALANCE: { title: 'Not enough balance', wayOn: 'topup' },
  ACCOUNT_FROZEN: {
    title: 'The account is frozen',
    text: 'The balance is below zero. A top-up that lifts it to zero or more unfreezes the account.',
    wayOn: 'topup',
  },
  SESSION_ALREADY_OPEN: {
    title: 'A session is open already',
    text: 'It was started somewhere else. This page shows it now.',
    wayOn: 'refresh',
  },
  SESSION_PAUSED: {
    title: 'The session is paused',
    text: 'Resume it to generate.',
    wayOn: 'refresh',
  },
  SESSION_ENDED: {
    title: 'The session is over',
    text: 'It ended before this arrived. Nothing more was charged.',
    wayOn: 'refresh',
  },
  NO_OPEN_SESSION: {
    title: 'No session is open',
    text: 'It ended before this arrived. Nothing more was charged.',
    wayOn: 'refresh',
  },
  REQUEST_IN_PROGRESS: { title: 'Still under way', wayOn: 'retry' },
  RATE_LIMITED: { title: 'Too many requests', wayOn: 'retry' },
  AMOUNT_BELOW_MINIMUM: { title: 'That is too little', wayOn: null },
  AMOUNT_ABOVE_MAXIMUM: { title: 'That is too much', wayOn: null },
  PAYMENT_PROVIDER_ERROR: { title: 'The payment provider did not answer', wayOn: 'retry' },
  GENERATION_PROVIDER_ERROR: { title: 'The generation provider did not answer', wayOn: 'retry' },
  INTERNAL: { title: 'Something went wrong on our side', wayOn: 'retry' },
  NOT_FOUND: { title: 'Not found', wayOn: 'refresh' },
};

const offline: Text = {
  title: 'You are offline',
  text: 'Try again when the connection is back. Trying again never charges twice.',
  wayOn: 'retry',
};
const unreachable: Text = { ...offline, title: 'The server can’t be reached' };
const unknown: Text = { title: 'That didn’t work', wayOn: null };

/** Turns whatever a call threw into what its customer should read and can do. */
export function failureOf(error: unknown): Failure {
  const { reason, message, requestId, status, data, retryable } = errorOf(error);
  const text = status === null && retryable ? disconnected() : (texts[reason] ?? unknown);
  return {
    title: text.title,
    text: precise(reason, data) ?? text.text ?? message,
    requestId,
    wayOn: text.wayOn,
    uncertain: retryable || status === null,
  };
}

const disconnected = (): Text => (navigator.onLine ? unreachable : offline);

function precise(reason: string, data: Readonly<Record<string, unknown>>): string | null {
  if (reason === 'INSUFFICIENT_BALANCE') {
    const { balanceCents, requiredCents } = data;
    if (typeof balanceCents !== 'number' || typeof requiredCents !== 'number') return null;
    return `The next hour costs ${formatUsd(requiredCents)} and the balance is ${formatUsd(balanceCents)}. Nothing was charged.`;
  }
  if (reason === 'AMOUNT_BELOW_MINIMUM' && typeof data.minimumCents === 'number') {
    return `The smallest top-up is ${formatUsd(data.minimumCents)}. Nothing was charged; choose another amount.`;
  }
  if (reason === 'AMOUNT_ABOVE_MAXIMUM' && typeof data.maximumCents === 'number') {
    return `The largest top-up is ${formatUsd(data.maximumCents)}. Nothing was charged; choose another amount.`;
  }
  if (reason === 'RATE_LIMITED' && typeof data.retryAfterSeconds === 'number') {
    return `Try again in ${count(data.retryAfterSeconds, 'second')}.`;
  }
  return null;
}
