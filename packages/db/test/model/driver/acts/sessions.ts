import { endSession, startSession, toggleSession } from '@hourly/db';
import { openSession } from '../../simulation/account.ts';
import { end, start, toggle } from '../../simulation/sessions.ts';
import { both } from '../run.ts';
import { type Prepare, sessionNamed, sides } from './act.ts';

export const startBoth: Prepare<'start'> = (run, actor, command) => {
  const { plan, hourEnd, autoPauseMinutes, maxHours } = command;
  const input = { plan, maxHours, hourEnd, autoPauseMinutes };
  const at = sides(actor, command, input);
  return async (now) => {
    const { simulated, real } = at(now);
    const prices = run.plans.get(plan);
    if (prices === undefined) throw new Error(`no plan ${plan}`);
    const expected = start({ ...simulated, ...input, plan: prices });
    await both(run, 'start', expected, startSession(run.db, { ...real, ...input }));
  };
};

export const toggleBoth: Prepare<'toggle'> = (run, actor, command) => {
  if (command.nudge && openSession(actor.simulated) === undefined) return null;
  const to = command.to ?? undefined;
  const id = sessionNamed(run, actor, command.named);
  const at = sides(actor, command, { to, id: id?.simulated });
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = toggle({ ...simulated, to, sessionId: id?.simulated });
    await both(
      run,
      'toggle',
      expected,
      toggleSession(run.db, { ...real, to, sessionId: id?.real }),
    );
  };
};

export const endBoth: Prepare<'end'> = (run, actor, command) => {
  const id = sessionNamed(run, actor, command.named);
  const endReason = command.by;
  const at = sides(actor, command, { endReason, id: id?.simulated });
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = end({ ...simulated, endReason, sessionId: id?.simulated });
    await both(
      run,
      'end',
      expected,
      endSession(run.db, { ...real, endReason, sessionId: id?.real }),
    );
  };
};
