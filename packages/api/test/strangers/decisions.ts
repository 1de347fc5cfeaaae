import type { Mode } from '@hourly/contract';
import type { Input, Outcome } from './operations.ts';
import type { Victim } from './victim.ts';

/** One way to ask, and what a customer whose account has nothing gets for it. */
export interface Case {
  input: Input;
  outcome: Outcome | Readonly<Record<Mode, Outcome>>;
}

export interface Decision {
  /** Management of keys is for customers themselves. */
  keys: 'may' | 'may not';
  /**
   * Asked by strangers, with the victim's ids wherever something is named. 'ok' is about the caller's own account; what the
   * answers may not tell is looked for in all of them.
   */
  cases: (victim: Victim) => readonly Case[];
}

const may = (cases: Decision['cases']): Decision => ({ keys: 'may', cases });
const mayNot = (cases: Decision['cases']): Decision => ({ keys: 'may not', cases });

const page: Case[] = [
  { input: {}, outcome: 'ok' },
  { input: { cursor: '100', limit: 100 }, outcome: 'ok' },
];

/**
 * What is decided about each operation. One that is not here fails the walk: say there what somebody gets who has nothing
 * to do with the resources that it is asked about.
 */
export const decisions: Readonly<Record<string, Decision>> = {
  'hourlyUsage.start': may(() => [{ input: {}, outcome: 'INSUFFICIENT_BALANCE' }]),
  'hourlyUsage.toggle': may(({ sessionId }) => [
    { input: {}, outcome: 'NO_OPEN_SESSION' },
    { input: { to: 'paused' }, outcome: 'NO_OPEN_SESSION' },
    { input: { sessionId }, outcome: 'NOT_FOUND' },
    { input: { sessionId, to: 'paused' }, outcome: 'NOT_FOUND' },
  ]),
  'hourlyUsage.end': may(({ sessionId }) => [
    { input: {}, outcome: 'NO_OPEN_SESSION' },
    { input: { sessionId }, outcome: 'NOT_FOUND' },
  ]),
  'hourlyUsage.status': may(() => [{ input: {}, outcome: 'ok' }]),
  'hourlyUsage.sessions': may(() => page),
  'hourlyUsage.session': may(({ sessionId: id }) => [{ input: { id }, outcome: 'NOT_FOUND' }]),
  'GET /sessions/{id}/receipt': may(({ sessionId: id }) => [
    { input: { id }, outcome: 'NOT_FOUND' },
  ]),

  'hourlyUsage.topup': may(() => [{ input: { amountCents: 1 }, outcome: 'AMOUNT_BELOW_MINIMUM' }]),
  'hourlyUsage.confirmTopup': may(({ payment }) => [
    { input: { ...payment }, outcome: 'NOT_FOUND' },
    { input: { ...payment, razorpay_signature: '0'.repeat(64) }, outcome: 'NOT_FOUND' },
  ]),
  'hourlyUsage.balance': may(() => [{ input: {}, outcome: 'ok' }]),
  'hourlyUsage.topups': may(() => page),
  'hourlyUsage.topupById': may(({ topupId: id }) => [{ input: { id }, outcome: 'NOT_FOUND' }]),
  'GET /topups/{id}/receipt': may(({ topupId: id }) => [{ input: { id }, outcome: 'NOT_FOUND' }]),

  'hourlyUsage.generate': may(({ sessionId }) => [
    { input: { prompt: 'x', waitSeconds: 0 }, outcome: 'NO_OPEN_SESSION' },
    { input: { sessionId, prompt: 'x', waitSeconds: 0 }, outcome: 'NOT_FOUND' },
  ]),
  'hourlyUsage.generations': may(() => page),
  'hourlyUsage.generation': may(({ generationId: id }) => [
    { input: { id }, outcome: 'NOT_FOUND' },
  ]),
  'hourlyUsage.cancelGeneration': may(({ generationId: id }) => [
    { input: { id }, outcome: 'NOT_FOUND' },
  ]),
  'GET /generations/{id}/outputs/{index}': may(({ generationId: id }) => [
    { input: { id, index: '0' }, outcome: 'NOT_FOUND' },
    { input: { id, index: '0', mode: 'live' }, outcome: 'NOT_FOUND' },
  ]),

  'hourlyUsage.transactions': may(() => page),
  'GET /transactions?format=csv': may(() => [{ input: {}, outcome: 'ok' }]),
  'GET /transactions?format=jsonl': may(() => [{ input: {}, outcome: 'ok' }]),
  'hourlyUsage.usage': may(() => [{ input: {}, outcome: 'ok' }]),
  'hourlyUsage.advanceClock': may(() => [
    { input: { advanceSeconds: 5 }, outcome: { live: 'TEST_MODE_ONLY', test: 'ok' } },
  ]),

  'hourlyUsage.keys.list': mayNot(() => page),
  'hourlyUsage.keys.create': mayNot(() => [{ input: { name: 'mine' }, outcome: 'ok' }]),
  'hourlyUsage.keys.revoke': mayNot(({ keyId: id }) => [{ input: { id }, outcome: 'NOT_FOUND' }]),
};
