import { auditAccounts, type Difference } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { expect } from 'vitest';

const pageSize = 1000;
const mostPages = 10;

/** What the audit of all accounts finds. */
export async function audit(db: TestDatabase): Promise<Difference[]> {
  const differences: Difference[] = [];
  let afterAccountId: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const found = await auditAccounts(db, { limit: pageSize, afterAccountId });
    differences.push(...found.differences);
    if (found.nextAccountId === null) return differences;
    afterAccountId = found.nextAccountId;
  }
  throw new Error('more accounts than a test should make');
}

/** Ends a test file: the books agree with what they were made from, whatever the tests did. */
export async function dropWithCleanBooks(db: TestDatabase): Promise<void> {
  const differences = await audit(db);
  await db.drop();
  expect(differences).toEqual([]);
}
