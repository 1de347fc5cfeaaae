import { explainSession } from '@hourly/contract';
import { endSession, getSession, toggleSession } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourly } from './support/command-line.ts';
import { type OpenSession, sessionOpenFor } from './support/sessions.ts';

const hour = 3600;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterAll(() => db.drop());

const explain = (...argv: string[]) => hourly({ DATABASE_URL: db.ownerUrl }, 'explain', ...argv);

/** A session that used 40 minutes, paused for a quarter of an hour, used 35 minutes and ended, 10 minutes ago. */
async function endedSession(): Promise<OpenSession> {
  const open = await sessionOpenFor(db, 100 * 60);
  const { accountId, session } = open;
  const after = (minutes: number) =>
    new Date(Date.parse(session.startedAt) + minutes * 60_000).toISOString();
  await toggleSession(db, { accountId, to: 'paused', now: after(40) });
  await toggleSession(db, { accountId, to: 'active', now: after(55) });
  return { ...open, session: await endSession(db, { accountId, now: after(90) }) };
}

test('tells whose session it is and why each hour was charged', async () => {
  const { accountId, session, userId } = await endedSession();
  const { out, code } = await explain(session.id);
  expect(code).toBe(0);
  const told = explainSession(await getSession(db, { accountId, id: session.id }));
  expect(out).toBe(`Account of ${userId} (live)\n${told}`);
  expect(out).toContain(': 40:00 min, 40:00 min so far');
  expect(out).toContain(': 20:00 min, 1:00:00 h so far');
  expect(out).toContain(': 15:00 min, 1:15:00 h so far');
  expect(out).toContain('balance  $85 - $15 = $70 (entry 3)');
  expect(out).toContain('Total: 2 hours x $15 = $30 for 1:15:00 h of active time.');
});

test('settles first: what is due is told as well', async () => {
  const { session } = await sessionOpenFor(db, 1.5 * hour);
  const { out } = await explain(session.id);
  expect(out).toContain('active time went beyond 1 hour; booked when the account was next used');
  expect(out).toMatch(/Running at .*, paid through/);
});

test('--json has the same as data', async () => {
  const { accountId, session, userId } = await endedSession();
  const { out } = await explain(session.id, '--json');
  const told = await getSession(db, { accountId, id: session.id });
  const { serverTime, ...lasting } = told;
  expect(JSON.parse(out)).toMatchObject({ userId, mode: 'live', session: lasting });
});
