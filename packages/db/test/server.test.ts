import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

// Every test of this folder runs once on each server; this one tells when both runs meet the same.
test.runIf(process.env.HOURLY_TEST_POSTGRES_BINARIES)(
  'the server is the one that this run is about',
  async () => {
    const { rows } = await db.pool.query(
      "select split_part(current_setting('server_version'), '.', 1) as major",
    );
    expect(process.env.HOURLY_TEST_POSTGRES_BINARIES).toContain(`/${rows[0].major}/`);
  },
);
