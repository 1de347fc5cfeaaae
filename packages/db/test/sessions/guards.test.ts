import { getBalance, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes, shown } from '../support/customer.ts';
import { generate } from '../support/generation.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

interface Guards {
  maxHours?: number;
  hourEnd?: 'pause';
  autoPauseMinutes?: number;
}

/** A session with these guards that started at 0 s. */
async function run(guards: Guards, balanceCents = 100_000) {
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, ...guards, now: at(0) });
  return { accountId, id };
}

describe('maxHours ends at the paid-through of that hour', () => {
  test.each([1, 2, 5])('%i hours', async (maxHours) => {
    const { accountId, id } = await run({ maxHours });
    const end = hours(maxHours);
    expect(await getSession(db, { accountId, id, now: at(end, -1) })).toMatchObject({
      status: 'active',
      hoursCharged: maxHours,
      paidThrough: shown(end),
    });
    const ended = {
      status: 'ended',
      endReason: 'max_hours',
      endedAt: shown(end),
      activeSeconds: end,
      hoursCharged: maxHours,
      maxHours,
    };
    expect(await getSession(db, { accountId, id, now: at(end) })).toMatchObject(ended);
    expect(await getSession(db, { accountId, id, now: at(end, 1) })).toMatchObject(ended);
    expect((await getBalance(db, { accountId })).balanceCents).toBe(100_000 - maxHours * 1500);
  });

  test('at that instant nothing may be generated any more', async () => {
    const { accountId } = await run({ maxHours: 1 });
    await expect(generate(db, { accountId, now: at(hours(1)) })).rejects.toMatchObject({
      reason: 'NO_OPEN_SESSION',
    });
  });

  test('counts active time, not paused time', async () => {
    const { accountId, id } = await run({ maxHours: 2 });
    await toggleSession(db, { accountId, to: 'paused', now: at(minutes(90)) });
    await toggleSession(db, { accountId, to: 'active', now: at(hours(50)) });
    const end = hours(50) + minutes(30);
    expect(await getSession(db, { accountId, id, now: at(end, -1) })).toMatchObject({
      status: 'active',
    });
    expect(await getSession(db, { accountId, id, now: at(hours(99)) })).toMatchObject({
      endReason: 'max_hours',
      endedAt: shown(end),
      activeSeconds: hours(2),
    });
  });
});

describe('hourEnd pause', () => {
  test('pauses at paid-through instead of charging, every hour anew', async () => {
    const { accountId, id } = await run({ hourEnd: 'pause' });
    expect(await getSession(db, { accountId, id, now: at(hours(1), -1) })).toMatchObject({
      status: 'active',
    });
    expect(await getSession(db, { accountId, id, now: at(hours(1)) })).toMatchObject({
      status: 'paused',
      pauseReason: 'hour_end',
      activeSeconds: 3600,
      hoursCharged: 1,
      paidThrough: null,
    });
    const resumed = await toggleSession(db, { accountId, to: 'active', now: at(hours(3)) });
    expect(resumed).toMatchObject({ hoursCharged: 2, paidThrough: shown(hours(4)) });
    expect(await getSession(db, { accountId, id, now: at(hours(9)) })).toMatchObject({
      status: 'paused',
      pauseReason: 'hour_end',
      activeSeconds: 7200,
      hoursCharged: 2,
    });
  });

  test('pauses where the paid hour runs out after a pause by hand', async () => {
    const { accountId, id } = await run({ hourEnd: 'pause' });
    await toggleSession(db, { accountId, to: 'paused', now: at(minutes(20)) });
    await toggleSession(db, { accountId, to: 'active', now: at(hours(2)) });
    const detail = await getSession(db, { accountId, id, now: at(hours(5)) });
    expect(detail).toMatchObject({ pauseReason: 'hour_end', activeSeconds: 3600, hoursCharged: 1 });
    expect(detail.segments.at(-1)?.endedAt).toBe(shown(hours(2) + minutes(40)));
  });
});

describe('which rule stops a session', () => {
  const ended = (endReason: string) => ({ status: 'ended', endReason, pauseReason: null });
  const paused = (pauseReason: string) => ({ status: 'paused', endReason: null, pauseReason });
  const oneHour = 1500;
  const rich = 100_000;
  const cases: [string, Guards, number, object, number][] = [
    // At one and the same instant: maxHours, hourEnd, idle, insolvency.
    [
      'all',
      { maxHours: 1, hourEnd: 'pause', autoPauseMinutes: 60 },
      oneHour,
      ended('max_hours'),
      60,
    ],
    ['maxHours, hourEnd', { maxHours: 1, hourEnd: 'pause' }, rich, ended('max_hours'), 60],
    ['maxHours, idle', { maxHours: 1, autoPauseMinutes: 60 }, rich, ended('max_hours'), 60],
    ['maxHours, insolvency', { maxHours: 1 }, oneHour, ended('max_hours'), 60],
    ['hourEnd, idle', { hourEnd: 'pause', autoPauseMinutes: 60 }, rich, paused('hour_end'), 60],
    ['hourEnd, insolvency', { hourEnd: 'pause' }, oneHour, paused('hour_end'), 60],
    ['idle, insolvency', { autoPauseMinutes: 60 }, oneHour, paused('idle'), 60],
    [
      'maxHours, idle at 2 h',
      { maxHours: 2, autoPauseMinutes: 120 },
      rich,
      ended('max_hours'),
      120,
    ],
    ['idle, insolvency at 3 h', { autoPauseMinutes: 180 }, 3 * oneHour, paused('idle'), 180],
    // The earliest, when they differ.
    ['hourEnd before maxHours', { maxHours: 2, hourEnd: 'pause' }, rich, paused('hour_end'), 60],
    ['idle before maxHours', { maxHours: 1, autoPauseMinutes: 59 }, rich, paused('idle'), 59],
    ['maxHours before idle', { maxHours: 1, autoPauseMinutes: 61 }, rich, ended('max_hours'), 60],
    ['idle before hourEnd', { hourEnd: 'pause', autoPauseMinutes: 30 }, rich, paused('idle'), 30],
    [
      'hourEnd before idle',
      { hourEnd: 'pause', autoPauseMinutes: 61 },
      rich,
      paused('hour_end'),
      60,
    ],
    ['idle before insolvency', { autoPauseMinutes: 59 }, oneHour, paused('idle'), 59],
    ['maxHours before insolvency', { maxHours: 2 }, 3 * oneHour, ended('max_hours'), 120],
  ];

  test.each(cases)('%s', async (_, guards, balanceCents, stop, stopMinutes) => {
    const stopAt = minutes(stopMinutes);
    const expected = {
      ...stop,
      activeSeconds: stopAt,
      hoursCharged: Math.ceil(stopMinutes / 60),
      endedAt: 'endReason' in stop && stop.endReason ? shown(stopAt) : null,
    };
    const { accountId, id } = await run(guards, balanceCents);
    expect(await getSession(db, { accountId, id, now: at(stopAt, -1) })).toMatchObject({
      status: 'active',
    });
    expect(await getSession(db, { accountId, id, now: at(stopAt) })).toMatchObject(expected);

    // However late it is noticed, and in one go.
    for (const late of [at(stopAt, 1), at(stopAt + hours(100))]) {
      const other = await run(guards, balanceCents);
      expect(await getSession(db, { ...other, now: late })).toMatchObject(expected);
    }
  });

  test('insolvency loses against a guard of a later instant never', async () => {
    for (const guards of [{ maxHours: 2 }, { autoPauseMinutes: 61 }]) {
      const { accountId, id } = await run(guards, oneHour);
      expect(await getSession(db, { accountId, id, now: at(hours(1)) })).toMatchObject({
        status: 'active',
      });
      expect(await getSession(db, { accountId, id, now: at(hours(10)) })).toMatchObject({
        ...ended('insufficient_balance'),
        endedAt: shown(hours(1)),
      });
    }
  });

  test('an idle pause in the third hour comes after its charge', async () => {
    const { accountId, id } = await run({ autoPauseMinutes: 121 });
    const detail = await getSession(db, { accountId, id, now: at(hours(30)) });
    expect(detail).toMatchObject({ pauseReason: 'idle', activeSeconds: 7260, hoursCharged: 3 });
    expect(detail.charges.map((charge) => charge.dueAt)).toEqual([
      shown(0),
      shown(hours(1)),
      shown(hours(2)),
    ]);
  });
});
