import { advanceClock, settleSessions } from '@hourly/db';
import type { Micros } from '../simulation/time.ts';
import { exact, inSeconds } from '../simulation/time.ts';
import { advance, tick } from '../simulation/worker.ts';
import { instantOf } from './moments.ts';
import { prepare } from './prepare.ts';
import { type Actor, both, type Run, requestOf } from './run.ts';
import type { Command } from './schedule.ts';

/** Makes the call that a command describes on both sides, at the instant that it means. */
export async function perform(run: Run, command: Command): Promise<void> {
  const actor = run.actors[command.who % run.actors.length];
  if (actor === undefined) throw new Error('a run has accounts');
  if (command.do === 'tick') {
    return await tickAll(run, instantOf(actor.simulated, command.when, run.now));
  }
  const now = await moveTo(run, actor, command);
  if (command.do === 'again') {
    return await actor.keyed[command.nth % Math.max(1, actor.keyed.length)]?.(now);
  }
  if (command.do === 'advance') {
    return await advanceBoth(run, actor, { now, by: BigInt(command.us), key: command.key });
  }
  const act = prepare(run, actor, command);
  if (act === null) return;
  if ('key' in command && command.key !== null) actor.keyed.push(act);
  await act(now);
}

/** Brings a test account's clock to the instant; on live accounts it is named in the call. */
async function moveTo(run: Run, actor: Actor, command: Command): Promise<Micros> {
  const { simulated } = actor;
  if (simulated.mode === 'live') {
    const now = instantOf(simulated, command.when, run.now);
    if (now > run.now) run.now = now;
    return now;
  }
  const now = simulated.clock;
  const by = instantOf(simulated, command.when, now) - now;
  if (by > 0n) await advanceBoth(run, actor, { now, by, key: null });
  return simulated.clock;
}

async function advanceBoth(
  run: Run,
  actor: Actor,
  { now, by, key }: { now: Micros; by: Micros; key: number | null },
): Promise<void> {
  const { simulated: account, accountId } = actor;
  // Zero seconds and live accounts' real time are refused before and after the database.
  if (by === 0n || account.mode === 'live') return;
  const input = `${by}`;
  const request = requestOf(key, input);
  const expected = advance({ account, now, key: request?.key, input, by });
  const call = advanceClock(run.db, { accountId, advanceSeconds: inSeconds(by), request });
  await both(run, 'advance', expected, call);
}

const mostAccountsAPass = 100;

/** One pass of the settlement over everybody. */
async function tickAll(run: Run, now: Micros): Promise<void> {
  if (now > run.now) run.now = now;
  const accounts = run.actors.map(({ simulated }) => simulated);
  const { nextDueInSeconds, ...expected } = tick(accounts, now);
  const call = settleSessions(run.db, { limit: mostAccountsAPass, now: exact(now) });
  await both(
    run,
    'tick',
    { answer: { ...expected, nextDue: null } },
    call.then(({ nextDueInSeconds: found, ...told }) => ({
      ...told,
      nextDue: isSoonAsExpected(nextDueInSeconds, found) ? null : { nextDueInSeconds, found },
    })),
  );
}

/** It says when to come again, to the millisecond. */
const isSoonAsExpected = (expected: number | null, found: number | null): boolean =>
  expected === null || found === null ? expected === found : Math.abs(expected - found) < 0.001;
