import {
  addBalance,
  adjustBalance,
  admitGeneration,
  cancelGeneration,
  createTopup,
  endSession,
  getBalance,
  getSession,
  getStatus,
  setTopupOrder,
  startSession,
  toggleSession,
} from '@hourly/db';
import { finishAt } from '../../support/generation.ts';
import { type Account, balanceOf, openSession } from '../simulation/account.ts';
import { cancel, finishGeneration, generate } from '../simulation/generations.ts';
import * as money from '../simulation/money.ts';
import { planNamed } from '../simulation/plans.ts';
import { readBalance, readSession, readStatus } from '../simulation/reads.ts';
import { end, start, toggle } from '../simulation/sessions.ts';
import { exact, type Micros } from '../simulation/time.ts';
import { knownGeneration as known, knownTopup as withoutOrder } from './known.ts';
import { type Actor, both, type Run, requestOf } from './run.ts';
import type { Command, Named } from './schedule.ts';

/** A call on both sides whose input stands; only its instant is still open. */
export type Act = (now: Micros) => Promise<void>;

type Of<Name extends Command['do']> = Extract<Command, { do: Name }>;
type Prepare<Name extends Command['do']> = (
  run: Run,
  actor: Actor,
  command: Of<Name>,
) => Act | null;

const unknownId = '00000000-0000-4000-8000-000000000000';

/** What both sides take beside their own input. */
function sides(actor: Actor, command: { key: number | null }, input: unknown) {
  const { simulated: account, accountId } = actor;
  const text = JSON.stringify(input);
  const request = requestOf(command.key, text);
  return (now: Micros) => ({
    simulated: { account, now, key: request?.key, input: text },
    real: { accountId, request, now: account.mode === 'live' ? exact(now) : undefined },
  });
}

const startBoth: Prepare<'start'> = (run, actor, command) => {
  const { plan, hourEnd, autoPauseMinutes, maxHours } = command;
  const input = { plan, maxHours, hourEnd, autoPauseMinutes };
  const at = sides(actor, command, input);
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = start({ ...simulated, ...input, plan: planNamed(plan) });
    await both(run, 'start', expected, startSession(run.db, { ...real, ...input }));
  };
};

const toggleBoth: Prepare<'toggle'> = (run, actor, command) => {
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

const endBoth: Prepare<'end'> = (run, actor, command) => {
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

const generateBoth: Prepare<'generate'> = (run, actor, command) => {
  const id = sessionNamed(run, actor, command.named);
  const at = sides(actor, command, { id: id?.simulated });
  const prompt = { prompt: 'a lighthouse', model: 'flux-schnell', params: {} };
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = generate({ ...simulated, sessionId: id?.simulated });
    const call = admitGeneration(run.db, { ...real, ...prompt, sessionId: id?.real });
    const shown = call.then(({ admitted, generation }) => ({
      admitted,
      generation: known(generation),
    }));
    await both(run, 'generate', expected, shown);
  };
};

const finishBoth: Prepare<'finish'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const generation = pick(unfinishedFirst(account), command.nth);
  if (generation === undefined) return null;
  const id = run.comparison.realOf(generation.id);
  const at = sides(actor, { key: null }, {});
  return async (now) => {
    const expected = finishGeneration({ ...at(now).simulated, generation, as: command.as });
    const call = finishAt(run.db, id, at(now).real.now ?? null, command.as);
    await both(run, 'finish', expected, call.then(known));
  };
};

const cancelBoth: Prepare<'cancel'> = (run, actor, command) => {
  const generation = pick(unfinishedFirst(actor.simulated), command.nth);
  if (generation === undefined) return null;
  const id = run.comparison.realOf(generation.id);
  const at = sides(actor, command, { id: generation.id });
  return async (now) => {
    const { simulated, real } = at(now);
    const call = cancelGeneration(run.db, { ...real, id });
    await both(run, 'cancel', cancel({ ...simulated, generation }), call.then(known));
  };
};

const topupBoth: Prepare<'topup'> = (run, actor, command) => {
  const { cents } = command;
  const at = sides(actor, command, { cents });
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = money.createTopup({ ...simulated, cents });
    const call = createTopup(run.db, { ...real, amountCents: cents });
    await both(run, 'topup', expected, call.then(withoutOrder));
  };
};

const payBoth: Prepare<'pay'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const topup = pick(account.topups, command.nth);
  if (topup === undefined || account.mode === 'test') return null;
  const topupId = run.comparison.realOf(topup.id);
  const orderId = `order_${topupId}`;
  const rightPaise = topup.cents * topup.inrPerUsd;
  const payment = {
    paymentId: command.payment === 'right' ? `pay_${topupId}` : `pay_${command.payment}_${topupId}`,
    amountPaise: command.payment === 'mismatch' ? rightPaise - 1 : rightPaise,
    currency: 'INR',
  };
  const at = sides(actor, command, { payment, topup: topup.id });
  return async (now) => {
    const { simulated, real } = at(now);
    await setTopupOrder(run.db, { topupId, orderId });
    const expected = money.pay({ ...simulated, topup, payment });
    const call = addBalance(run.db, { ...payment, orderId, source: 'confirmation', ...real });
    const shown = call.then(({ outcome, why, topup: record }) => ({
      outcome,
      why,
      topup: record && withoutOrder(record),
    }));
    await both(run, 'pay', expected, shown);
  };
};

const adjustBoth: Prepare<'adjust'> = (run, actor, command) => {
  const { simulated: account } = actor;
  const { type } = command;
  const balance = balanceOf(account);
  // What settling takes first is not foreseen; then it aims a little wide.
  const wanted = command.isTarget ? command.cents - balance : command.cents;
  const cents = type === 'promo' ? Math.abs(wanted) : wanted;
  if (cents === 0) return null;
  const input = { type, cents, reason: `so that something tips over` };
  const at = sides(actor, command, input);
  return async (now) => {
    const { simulated, real } = at(now);
    const expected = money.adjust({ ...simulated, ...input });
    const call = adjustBalance(run.db, { ...real, type, amountCents: cents, reason: input.reason });
    await both(run, 'adjust', expected, call);
  };
};

const readBoth: Prepare<'read'> = (run, actor, command) => {
  const { simulated: account, accountId } = actor;
  const session = pick(account.sessions, account.sessions.length - 1);
  return async (instant) => {
    const now = account.mode === 'live' ? exact(instant) : undefined;
    if (command.what === 'status') {
      await both(
        run,
        'status',
        readStatus(account, instant),
        getStatus(run.db, { accountId, now }),
      );
    } else if (command.what === 'balance' || session === undefined) {
      await both(
        run,
        'balance',
        readBalance(account, instant),
        getBalance(run.db, { accountId, now }),
      );
    } else {
      const id = run.comparison.realOf(session.id);
      const call = getSession(run.db, { accountId, id, now });
      await both(run, 'session', readSession(account, session, instant), call);
    }
  };
};

/** Fixes the input of a call; null when there is nothing that it could act on. */
export function prepare(
  run: Run,
  actor: Actor,
  command: Exclude<Command, { do: 'tick' | 'again' | 'advance' }>,
): Act | null {
  switch (command.do) {
    case 'start':
      return startBoth(run, actor, command);
    case 'toggle':
      return toggleBoth(run, actor, command);
    case 'end':
      return endBoth(run, actor, command);
    case 'generate':
      return generateBoth(run, actor, command);
    case 'finish':
      return finishBoth(run, actor, command);
    case 'cancel':
      return cancelBoth(run, actor, command);
    case 'topup':
      return topupBoth(run, actor, command);
    case 'pay':
      return payBoth(run, actor, command);
    case 'adjust':
      return adjustBoth(run, actor, command);
    case 'read':
      return readBoth(run, actor, command);
  }
}

/** The ids of the session that a command names, if it does. */
function sessionNamed(
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

const pick = <Item>(items: readonly Item[], nth: number): Item | undefined =>
  items[nth % Math.max(1, items.length)];

const unfinishedFirst = (account: Account) => [
  ...account.generations.filter(({ finished }) => finished === null),
  ...account.generations.filter(({ finished }) => finished !== null).slice(-1),
];
