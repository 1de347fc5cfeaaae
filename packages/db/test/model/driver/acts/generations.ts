import { admitGeneration, cancelGeneration } from '@hourly/db';
import { finishAt } from '../../../support/generation.ts';
import type { Account } from '../../simulation/account.ts';
import { cancel, finishGeneration, generate } from '../../simulation/generations.ts';
import { knownGeneration } from '../known.ts';
import { both } from '../run.ts';
import { isIdle, type Prepare, pick, sessionNamed, sides } from './act.ts';

export const generateBoth: Prepare<'generate'> = (run, actor, command) => {
  if (command.nudge && isIdle(actor)) return null;
  const id = sessionNamed(run, actor, command.named);
  const at = sides(actor, command, { id: id?.simulated });
  const prompt = { prompt: 'a lighthouse', model: 'flux-schnell', params: {} };
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = generate({ ...simulated, sessionId: id?.simulated });
    const call = admitGeneration(run.db, { ...real, ...prompt, sessionId: id?.real });
    const shown = call.then(({ admitted, generation }) => ({
      admitted,
      generation: knownGeneration(generation),
    }));
    await both(run, 'generate', expected, shown);
  };
};

export const finishBoth: Prepare<'finish'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const generation = pick(unfinishedFirst(account), command.nth);
  if (generation === undefined) return null;
  const id = run.comparison.realOf(generation.id);
  const at = sides(actor, { key: null }, {});
  return async (now) => {
    const expected = finishGeneration({ ...at(now).simulated, generation, as: command.as });
    const call = finishAt(run.db, id, at(now).real.now ?? null, command.as);
    await both(run, 'finish', expected, call.then(knownGeneration));
  };
};

export const cancelBoth: Prepare<'cancel'> = (run, actor, command) => {
  const generation = pick(unfinishedFirst(actor.simulated), command.nth);
  if (generation === undefined) return null;
  const id = run.comparison.realOf(generation.id);
  const at = sides(actor, command, { id: generation.id });
  return async (now) => {
    const { simulated, real } = at(now);
    const call = cancelGeneration(run.db, { ...real, id });
    await both(run, 'cancel', cancel({ ...simulated, generation }), call.then(knownGeneration));
  };
};

/** The latest first; one that is over may be told of again. */
const unfinishedFirst = (account: Account) => [
  ...account.generations.filter(({ finished }) => finished === null).reverse(),
  ...account.generations.filter(({ finished }) => finished !== null).slice(-1),
];
