import { getStatus } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, commands } from '../support/commands.ts';
import { injected } from '../support/faults.ts';
import { holdUp, type Middle, middles } from '../support/hold.ts';
import { overdueSessions, standingOf } from '../support/overdue.ts';
import { expectSoundBooks, fingerprint } from '../support/sound.ts';
import { limitStatements } from '../support/statement-limit.ts';

let db: TestDatabase;
let limited: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  limited = limitStatements(db, 'hourly_app', 500);
});
afterAll(async () => {
  await expectSoundBooks(db);
  await limited.close();
  await db.drop();
});

const cancelled = { reason: 'INTERNAL', status: 500, cause: { code: '57014' } };

test('calls that wait too long for their account fail, have done nothing, and may be repeated', async (context) => {
  const names = Object.keys(commands) as Command[];
  const ready = await Promise.all(names.map((name) => commands[name](db)));
  const holder = await db.owner.connect();
  await holder.query('begin');
  await holder.query('select from hourly_account_balance for update');
  const before = await fingerprint(db);
  const waiting = ready.map(({ call }) => call(limited));
  const outcomes = await Promise.allSettled(waiting);
  await holder.query('rollback');
  holder.release();
  for (const [n, outcome] of outcomes.entries()) {
    // `finish` asks the pool itself.
    const error = names[n] === 'finish' ? cancelled.cause : cancelled;
    expect(outcome, names[n]).toMatchObject({ status: 'rejected', reason: error });
  }
  injected(context, 'call over the limit of a statement', outcomes.length);
  expect(await fingerprint(db)).toEqual(before);

  await Promise.all(ready.map(({ call }) => call(db)));
  const after = await fingerprint(db);
  expect(after).not.toEqual(before);
  await Promise.all(ready.map(({ call }) => call(db)));
  expect(await fingerprint(db)).toEqual(after);
});

test.for(Object.keys(middles) as Middle[])(
  'a call that is cancelled while %s has settled nothing',
  async (middle, context) => {
    const overdue = await overdueSessions(db, 4);
    const before = await fingerprint(db);
    const held = await holdUp(db, middle);
    // The last of them stops, so that it comes through every middle.
    const accountId = overdue.at(-1)?.accountId ?? '';
    await expect(getStatus(limited, { accountId })).rejects.toMatchObject(cancelled);
    injected(context, 'call over the limit of a statement');
    expect(await fingerprint(db)).toEqual(before);
    await held.letGo();
    await Promise.all(overdue.map(({ accountId }) => getStatus(db, { accountId })));
    expect(await standingOf(db, overdue)).toEqual(overdue);
  },
);
