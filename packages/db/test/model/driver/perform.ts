import { advanceClock } from '@hourly/db';
import type { Micros } from '../simulation/time.ts';
import { inSeconds } from '../simulation/time.ts';
import { advance } from '../simulation/worker.ts';
import type { Command } from './commands.ts';
import { reprice, tickBoth } from './everybody.ts';
import { instead } from './instead.ts';
import { instantOf } from './moments.ts';
import { prepare } from './prepare.ts';
import { type Actor, both, type Run, requestOf } from './run.ts';

/** Makes the call that a command describes on both sides, at the instant that it means. */
export async function perform(run: Run, command: Command): Promise<void> {
  const actor = run.actors[command.who % run.actors.length];
  if (actor === undefined) throw new Error('a run has accounts');
  if (command.do === 'tick') {
    const now = instantOf(actor.simulated, command.when, run.now);
    return await tickBoth(run, now, command.isForOne);
  }
  if (command.do === 'reprice') return await reprice(run, command.plan, command.rateCents);
  const now = await moveTo(run, actor, command);
  if (command.do === 'again') {
    return await actor.keyed[command.nth % Math.max(1, actor.keyed.length)]?.(now);
  }
  if (command.do === 'advance') {
    const { us, key } = command;
    const act = () => advanceBoth(run, actor, { by: BigInt(us), key });
    if (key !== null) actor.keyed.push(act);
    return await act();
  }
  const act = prepare(run, actor, command) ?? prepare(run, actor, instead(actor, command));
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
  if (by > 0n) await advanceBoth(run, actor, { by, key: null });
  return simulated.clock;
}

async function advanceBoth(
  run: Run,
  actor: Actor,
  { by, key }: { by: Micros; key: number | null },
): Promise<void> {
  const { simulated: account, accountId } = actor;
  // Zero seconds and live accounts' real time are refused before and after the database.
  if (by === 0n || account.mode === 'live') return;
  const input = `${by}`;
  const request = requestOf(key, input);
  const expected = advance({ account, now: account.clock, key: request?.key, input, by });
  const call = advanceClock(run.db, { accountId, advanceSeconds: inSeconds(by), request });
  await both(run, 'advance', expected, call);
}
