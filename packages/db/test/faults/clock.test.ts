import {
  adjustBalance,
  createTopup,
  endSession,
  getSession,
  getStatus,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, createCustomer, hours, minutes } from '../support/customer.ts';
import { injected } from '../support/faults.ts';
import { finishAt, generate } from '../support/generation.ts';
import { ledgerOf } from '../support/history.ts';
import { expectSoundBooks } from '../support/sound.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await expectSoundBooks(db);
  await db.drop();
});

type Call = (accountId: string, now: string) => Promise<unknown>;

const refused = ['SESSION_ALREADY_OPEN', 'NO_OPEN_SESSION', 'SESSION_PAUSED'];
const statusCall: Call = (accountId, now) => getStatus(db, { accountId, now });
const calls: Call[] = [
  (accountId, now) => startSession(db, { accountId, now, autoPauseMinutes: 200 }),
  (accountId, now) => toggleSession(db, { accountId, now, to: 'paused' }),
  (accountId, now) => toggleSession(db, { accountId, now, to: 'active' }),
  (accountId, now) => toggleSession(db, { accountId, now }),
  (accountId, now) => endSession(db, { accountId, now }),
  statusCall,
  (accountId, now) => createTopup(db, { accountId, now, amountCents: 10_000 }),
  (accountId, now) =>
    adjustBalance(db, { accountId, now, type: 'promo', amountCents: 100, reason: 'Gift' }),
  async (accountId, now) => {
    const { generation } = await generate(db, { accountId, now });
    await finishAt(db, generation.id, now);
  },
];

/** Numbers from 0 to 1, the same in every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

async function call(made: Call, accountId: string, now: string): Promise<string> {
  try {
    await made(accountId, now);
    return 'done';
  } catch (error) {
    const { reason } = error as { reason: string };
    if (!refused.includes(reason)) throw error;
    return reason;
  }
}

/** When the account was changed last, written like `at`. */
const clockOf = async (accountId: string): Promise<string> => {
  const { rows } = await db.owner.query(
    `select to_char(as_of at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as clock
     from hourly_account_balance where id = $1`,
    [accountId],
  );
  return rows[0].clock;
};

const segmentsOf = async (accountId: string) => {
  const { rows } = await db.owner.query(
    `select s.session_no, g.segment_no, g.started_at, g.ended_at, s.status, s.end_reason, s.pause_reason
     from hourly_usage_sessions s join hourly_session_segments g on g.session_id = s.id
     where s.account_id = $1 order by 1, 2`,
    [accountId],
  );
  return rows;
};

test.for([1, 2, 3])(
  'instants that jump back are the last one that was: schedule %i',
  async (seed, context) => {
    const random = numbersFrom(seed);
    const jumping = await createCustomer(db, { balanceCents: 300_000, now: at(0) });
    const steady = await createCustomer(db, { balanceCents: 300_000, now: at(0) });
    let nominal = 0;
    for (let n = 0; n < 120; n += 1) {
      nominal += random() * minutes(40);
      const jumped = at(Math.floor(nominal + (random() - 0.6) * hours(4)));
      const made = calls[Math.floor(random() * calls.length)] ?? statusCall;
      // Not before the last change; a call that only shows is none.
      const changedAt = await clockOf(jumping);
      const wentBack = jumped < changedAt;
      if (wentBack) injected(context, 'clock that went back');
      const outcome = await call(made, jumping, jumped);
      expect(await call(made, steady, wentBack ? changedAt : jumped)).toBe(outcome);
      expect((await clockOf(jumping)) >= changedAt).toBe(true);
    }
    // Without what the customers were given to begin with, in real time.
    const [, ...ledger] = await ledgerOf(db, jumping);
    const [, ...steadyLedger] = await ledgerOf(db, steady);
    expect(ledger.length).toBeGreaterThan(20);
    expect(ledger).toEqual(steadyLedger);
    expect(ledger).toEqual(
      ledger.toSorted((one, other) => one.effectiveAt.localeCompare(other.effectiveAt)),
    );
    expect(await segmentsOf(jumping)).toEqual(await segmentsOf(steady));
  },
);

test('a settlement at an earlier instant than the last one does nothing', async (context) => {
  const accountId = await createCustomer(db, { balanceCents: 30_000, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  await settleSessions(db, { limit: 100, now: at(hours(5)) });
  injected(context, 'clock that went back');
  expect(await settleSessions(db, { limit: 100, now: at(hours(1) + 1) })).toMatchObject({
    hours: 0,
    failed: [],
  });
  expect(await getSession(db, { accountId, id, now: at(0) })).toMatchObject({
    hoursCharged: 5,
    activeSeconds: hours(5),
  });
});

test('a server whose clock is set back by two hours goes on from where it was', async (context) => {
  const ahead = new Date(Date.now() + hours(2) * 1000);
  const accountId = await createCustomer(db, { balanceCents: 30_000 });
  const { id } = await startSession(db, { accountId, now: ahead.toISOString() });
  injected(context, 'clock that went back');
  const shown = { activeSeconds: 0, hoursCharged: 1, serverTime: ahead.toISOString() };
  expect((await getStatus(db, { accountId })).session).toMatchObject(shown);
  const { generation } = await generate(db, { accountId });
  expect(generation.createdAt).toBe(ahead.toISOString());
  await toggleSession(db, { accountId, to: 'paused' });
  await toggleSession(db, { accountId, to: 'active' });
  await settleSessions(db, { limit: 100 });
  expect(await endSession(db, { accountId })).toMatchObject({
    id,
    ...shown,
    status: 'ended',
    endedAt: ahead.toISOString(),
  });
});
