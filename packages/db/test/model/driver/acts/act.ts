import { isActive, openSession } from '../../simulation/account.ts';
import { exact, type Micros } from '../../simulation/time.ts';
import type { Command, Named } from '../commands.ts';
import { type Actor, type Run, requestOf } from '../run.ts';

/** A call on both sides whose input stands; only its instant is still open. */
export type Act = (now: Micros) => Promise<void>;

export type Of<Name extends Command['do']> = Extract<Command, { do: Name }>;
/** Fixes the input of a call; null when there is nothing that it could act on. */
export type Prepare<Name extends Command['do']> = (
  run: Run,
  actor: Actor,
  command: Of<Name>,
) => Act | null;

const unknownId = '00000000-0000-4000-8000-000000000000';

/** What both sides take beside their own input. */
export function sides(actor: Actor, command: { key: number | null }, input: unknown) {
  const { simulated: account, accountId } = actor;
  const text = JSON.stringify(input);
  const request = requestOf(command.key, text);
  return (now: Micros) => ({
    simulated: { account, now, key: request?.key, input: text },
    real: { accountId, request, now: account.mode === 'live' ? exact(now) : undefined },
  });
}

/** Is there no session that runs? */
export const isIdle = ({ simulated }: Actor): boolean => {
  const session = openSession(simulated);
  return session === undefined || !isActive(session);
};

/** The ids of the session that a command names, if it does. */
export function sessionNamed(
  run: Run,
  actor: Actor,
  named: Named,
): { simulated: string; real: string } | undefined {
  if (named === 'none') return undefined;
  if (named === 'unknown') return { simulated: 'unknown', real: unknownId };
  const session = {
    open: () => openSession(actor.simulated),
    ended: () => actor.simulated.sessions.findLast(({ over }) => over !== null),
    foreign: () =>
      run.actors
        .filter((other) => other !== actor)
        .flatMap(({ simulated }) => simulated.sessions)[0],
  }[named]();
  return session && { simulated: session.id, real: run.comparison.realOf(session.id) };
}

/** One of what there is, if there is any. */
export const pick = <Item>(items: readonly Item[], nth: number): Item | undefined =>
  items[nth % Math.max(1, items.length)];
