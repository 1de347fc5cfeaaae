import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { type Command, commands } from '../support/commands.ts';
import { expectSoundBooks } from '../support/sound.ts';
import { waitUntil } from '../support/wait-until.ts';

let db: TestDatabase;
let wide: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  wide = { ...db, ...createDatabase({ url: db.ownerUrl, role: 'hourly_app', max: 20 }) };
});
afterAll(async () => {
  await expectSoundBooks(db);
  await wide.close();
  await db.drop();
});

test('calls that had to wait for their account act when their turn has come, not when they were made', async () => {
  // A test account has a clock of its own.
  const names = (Object.keys(commands) as Command[]).filter((name) => name !== 'advance the clock');
  const ready = await Promise.all(names.map((name) => commands[name](db)));
  const holder = await db.owner.connect();
  await holder.query('begin');
  await holder.query('select from hourly_account_balance for update');
  const answers = Promise.all(ready.map(({ call }) => call(wide)));
  await waitUntil('all of them to wait', async () => {
    const { rows } = await db.owner.query(
      "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows[0].waiting === names.length;
  });
  const { rows } = await db.owner.query('select clock_timestamp()::text as "turnAt"');
  await holder.query('rollback');
  holder.release();
  await answers;
  const tooEarly = await db.owner.query(
    'select id from hourly_account_balance where id = any ($1) and as_of < $2',
    [ready.map(({ accountId }) => accountId), rows[0].turnAt],
  );
  expect(tooEarly.rows).toEqual([]);
});
