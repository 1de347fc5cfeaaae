import { sessionDetail } from '@hourly/contract';
import { endSession, getSession, startSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, hours, minutes, shown } from '../support/customer.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

test('a customer can check the arithmetic of every charge', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  await toggleSession(db, { accountId, to: 'paused', now: at(minutes(40)) });
  await toggleSession(db, { accountId, to: 'active', now: at(hours(3)) });
  await toggleSession(db, { accountId, to: 'paused', now: at(hours(3) + minutes(50), 7) });
  await toggleSession(db, { accountId, to: 'active', now: at(hours(5)) });
  await endSession(db, { accountId, now: at(hours(6)) });

  const detail = sessionDetail.parse(await getSession(db, { accountId, id }));
  expect(detail.segments).toEqual([
    { startedAt: shown(0), endedAt: shown(minutes(40)), seconds: 2400 },
    { startedAt: shown(hours(3)), endedAt: shown(hours(3) + minutes(50)), seconds: 3000.000007 },
    { startedAt: shown(hours(5)), endedAt: shown(hours(6)), seconds: 3600 },
  ]);
  expect(detail.activeSeconds).toBe(9000.000007);
  expect(detail.charges).toEqual([
    {
      hour: 1,
      amountCents: 1500,
      dueAt: shown(0),
      trigger: 'start',
      balanceBeforeCents: 10_000,
      balanceAfterCents: 8500,
      entryNo: 2,
      segments: [
        { startedAt: shown(0), endedAt: shown(minutes(40)), seconds: 2400 },
        { startedAt: shown(hours(3)), endedAt: shown(hours(3) + minutes(20)), seconds: 1200 },
      ],
    },
    {
      hour: 2,
      amountCents: 1500,
      dueAt: shown(hours(3) + minutes(20)),
      trigger: 'call',
      balanceBeforeCents: 8500,
      balanceAfterCents: 7000,
      entryNo: 3,
      segments: [
        {
          startedAt: shown(hours(3) + minutes(20)),
          endedAt: shown(hours(3) + minutes(50)),
          seconds: 1800.000007,
        },
        {
          startedAt: shown(hours(5)),
          endedAt: at(hours(5) + minutes(30), -7).replace(/...Z$/, 'Z'),
          seconds: 1799.999993,
        },
      ],
    },
    {
      hour: 3,
      amountCents: 1500,
      dueAt: at(hours(5) + minutes(30), -7).replace(/...Z$/, 'Z'),
      trigger: 'call',
      balanceBeforeCents: 7000,
      balanceAfterCents: 5500,
      entryNo: 4,
      segments: [
        {
          startedAt: at(hours(5) + minutes(30), -7).replace(/...Z$/, 'Z'),
          endedAt: shown(hours(6)),
          seconds: 1800.000007,
        },
      ],
    },
  ]);
});

test('every full hour is 3600 seconds, and all of them are the active time', async () => {
  const accountId = await createCustomer(db, { balanceCents: 100_000, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  // Odd stretches, some of nothing, one of many hours.
  const lengths = [
    [123, 456_789],
    [0, 0],
    [3600, 0],
    [7199, 999_999],
    [40_000, 1],
    [0, 1],
    [59, 0],
  ];
  let seconds = 0;
  let micros = 0;
  for (const [length = 0, us = 0] of lengths) {
    seconds += length;
    micros += us;
    await toggleSession(db, { accountId, to: 'paused', now: at(seconds, micros) });
    seconds += 777;
    await toggleSession(db, { accountId, to: 'active', now: at(seconds, micros) });
  }
  await endSession(db, { accountId, now: at(seconds + 5, micros) });

  const { charges, segments, activeSeconds, hoursCharged } = await getSession(db, {
    accountId,
    id,
  });
  const sumUs = (parts: { seconds: number }[]) =>
    parts.reduce((sum, part) => sum + Math.round(part.seconds * 1e6), 0);
  expect(charges).toHaveLength(hoursCharged);
  for (const charge of charges.slice(0, -1)) expect(sumUs(charge.segments)).toBe(3600e6);
  expect(sumUs(charges.flatMap((charge) => charge.segments))).toBe(activeSeconds * 1e6);
  expect(sumUs(segments)).toBe(activeSeconds * 1e6);
  for (const charge of charges.slice(1)) {
    // What it pays for begins when it became due.
    expect(charge.segments[0]?.startedAt).toBe(charge.dueAt);
  }
});

test('the last stretch of a running session is open in exactly one charge', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  const open = async (now: string) => {
    const { charges, segments } = await getSession(db, { accountId, id, now });
    expect(segments.at(-1)?.endedAt).toBeNull();
    return charges.map((charge) =>
      charge.segments.map(({ endedAt, seconds }) => [endedAt, seconds]),
    );
  };
  expect(await open(at(0))).toEqual([[[null, 0]]]);
  expect(await open(at(1800))).toEqual([[[null, 1800]]]);
  expect(await open(at(5400))).toEqual([[[shown(3600), 3600]], [[null, 1800]]]);
});

test('an hour that a resume charged shows its stretch at once', async () => {
  const accountId = await createCustomer(db, { balanceCents: 10_000, now: at(0) });
  const { id } = await startSession(db, { accountId, hourEnd: 'pause', now: at(0) });
  await toggleSession(db, { accountId, to: 'active', now: at(7200) });
  const { charges } = await getSession(db, { accountId, id, now: at(7200) });
  expect(charges[1]).toMatchObject({
    hour: 2,
    trigger: 'resume',
    segments: [{ startedAt: shown(7200), endedAt: null, seconds: 0 }],
  });
});
