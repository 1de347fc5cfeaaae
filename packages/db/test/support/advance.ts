import { advanceClock } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';

/** Moves a test account's clock on by so many seconds, to the microsecond. */
export const advance = (
  db: TestDatabase,
  accountId: string,
  advanceSeconds: number,
): Promise<{ now: string }> => advanceClock(db, { accountId, advanceSeconds });
