import { session } from '@hourly/contract';
import {
  endSession,
  getSession,
  getStatus,
  listSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer } from '../support/customer.ts';
import { whileStuckAt } from '../support/locks.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

const tables = ['hourly_account_balance', 'hourly_usage_sessions'];
const startCall = 'select start_hourly_session($1, null, null, $2, null)';
const toggleCall = 'select toggle_hourly_session($1, null, $2)';
const endCall = 'select end_hourly_session($1, null, $2)';

/** An answer shows the account and its sessions as they were together at one moment. */
describe.each(tables)('read while %s changes', (table) => {
  test('a list during a start', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    const { items } = await whileStuckAt(
      db,
      table,
      () => listSessions(db, { accountId }),
      (query) => query(startCall, [accountId, 'continue']),
    );
    for (const item of items) expect(session.parse(item)).toMatchObject({ hoursCharged: 1 });
  });

  test('a list during the change from one session to the next', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    await startSession(db, { accountId });
    const { items } = await whileStuckAt(
      db,
      table,
      () => listSessions(db, { accountId }),
      async (query) => {
        await query(endCall, [accountId, 'user']);
        await query(startCall, [accountId, 'pause']);
      },
    );
    expect(items.filter(({ status }) => status !== 'ended')).toHaveLength(1);
    for (const item of items) session.parse(item);
  });

  test.each(['paused', 'active'] as const)('status during a toggle to %s', async (to) => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    await startSession(db, { accountId });
    if (to === 'active') await toggleSession(db, { accountId, to: 'paused' });
    const status = await whileStuckAt(
      db,
      table,
      () => getStatus(db, { accountId }),
      (query) => query(toggleCall, [accountId, to]),
    );
    expect(status.session?.paidThrough === null).toBe(status.session?.status === 'paused');
  });

  test('status during an end', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    await startSession(db, { accountId });
    const { session: open } = await whileStuckAt(
      db,
      table,
      () => getStatus(db, { accountId }),
      (query) => query(endCall, [accountId, 'user']),
    );
    expect([undefined, 'active']).toContain(open?.status);
  });

  test.each(['paused', 'active'] as const)('a session during a toggle to %s', async (to) => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    const { id } = await startSession(db, { accountId });
    if (to === 'active') await toggleSession(db, { accountId, to: 'paused' });
    const found = await whileStuckAt(
      db,
      table,
      () => getSession(db, { accountId, id }),
      (query) => query(toggleCall, [accountId, to]),
    );
    expect(found.paidThrough === null).toBe(found.status === 'paused');
    expect(found.segments.filter(({ endedAt }) => endedAt === null)).toHaveLength(
      found.status === 'active' ? 1 : 0,
    );
    const seconds = found.segments.reduce((sum, segment) => sum + segment.seconds, 0);
    expect(seconds).toBeCloseTo(found.activeSeconds, 6);
  });
});

test('an ended session needs nothing of the account', async () => {
  const accountId = await createCustomer(db, { balanceCents: 50_000 });
  const { id } = await startSession(db, { accountId });
  await endSession(db, { accountId });
  const found = await whileStuckAt(
    db,
    'hourly_session_segments',
    () => getSession(db, { accountId, id }),
    (query) => query(startCall, [accountId, 'continue']),
  );
  expect(found).toMatchObject({ status: 'ended', hoursCharged: 1 });
});

test('readers are stable, which is what makes them see one moment', async () => {
  const { rows } = await db.pool.query(
    `select proname as name, provolatile as volatility from pg_proc
     where proname in ('hourly_account_at', 'hourly_status_at', 'hourly_session_detail_at', 'hourly_sessions_at')`,
  );
  expect(rows).toHaveLength(4);
  for (const { volatility } of rows) expect(volatility).toBe('s');
});
