import { type Account, actingAt, balanceOf, openSession, statusOf } from './account.ts';
import { settle } from './settle.ts';
import type { Micros } from './time.ts';

/** What a call comes to: an answer as the API shows it, or a refusal with its reason. */
export type Outcome = { answer: object | null } | Refused;

export interface Refused {
  refused: { reason: string; data?: object };
}

export interface Asked {
  account: Account;
  now: Micros;
  /** Idempotency key. */
  key?: string | undefined;
  /** The validated input that the key stands for. */
  input: string;
}

/** What a mutation did, and how its resource is shown at an instant. */
export interface Done {
  show: (now: Micros) => object;
  /** Whether the account has changed; else it has when there is something new in its books. */
  changed?: boolean;
  /** True when its key may be used again. */
  forget?: boolean;
  /** The answer of a replay, where it is another one. */
  replay?: (now: Micros) => object;
}

type Body = (now: Micros, before: 'none' | 'active' | 'paused' | 'ended') => Done | Refused;

/** Settles, looks the key up, does the work and remembers the key, which is how every mutation goes. */
export function mutate(procedure: string, asked: Asked, body: Body): Outcome {
  const { account, key, input } = asked;
  const now = actingAt(account, asked.now);
  const open = openSession(account);
  const before = open === undefined ? 'none' : statusOf(open);
  settle(account, now, 'call');
  const seen = key === undefined ? undefined : account.remembered.get(key);
  if (seen !== undefined) {
    if (seen.procedure !== procedure || seen.input !== input)
      return refuse('IDEMPOTENCY_KEY_REUSED');
    return { answer: seen.replay(now) };
  }
  const traces = account.ledger.length + account.events.length;
  const done = body(now, before);
  if ('refused' in done) return done;
  const isChange = done.changed ?? account.ledger.length + account.events.length > traces;
  if (isChange) account.lastChange = now;
  if (key !== undefined && done.forget !== true) {
    account.remembered.set(key, { procedure, input, replay: done.replay ?? done.show });
  }
  return { answer: done.show(now) };
}

export const refuse = (reason: string, data?: object): Refused => ({
  refused: data === undefined ? { reason } : { reason, data },
});

export const isFrozen = (account: Account): boolean => balanceOf(account) < 0;
