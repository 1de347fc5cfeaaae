import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, test } from 'vitest';
import { drive, prepareDatabase } from './driver/drive.ts';
import { found } from './found.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await prepareDatabase(db, 'UTC');
});
afterAll(() => db.drop());

/** Where random schedules once found the database wrong, each as the fewest calls that show it. */
test.each(found)('$what', async ({ schedule }) => {
  await drive(db, schedule);
});
