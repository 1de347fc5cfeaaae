import type { Charge, Session } from '@hourly/sdk/react';

/** Why a session ended, for its customer. */
export const endReasonText: Record<NonNullable<Session['endReason']>, string> = {
  user: 'You ended it',
  insufficient_balance: 'The balance couldn’t pay the next hour',
  max_hours: 'It reached its hours cap',
  operator: 'Support ended it',
};

/** Why a session is paused, for its customer. */
export const pauseReasonText: Record<NonNullable<Session['pauseReason']>, string> = {
  user: 'You paused it',
  hour_end: 'The paid hour ran out',
  idle: 'It was idle',
  frozen: 'The balance is below zero',
};

/** What made a charge happen, for its customer. */
export const chargeTriggerText: Record<Charge['trigger'], string> = {
  start: 'the session started',
  resume: 'it was resumed with no paid time left',
  settlement: 'the paid time before it was used up',
  call: 'the paid time before it was used up',
};
