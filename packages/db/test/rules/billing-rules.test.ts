import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { claimsWithoutExample, readDocument, type Section } from './read-document.ts';
import { runExample } from './run-example.ts';

const document = new URL('../../../../docs/billing-rules.md', import.meta.url);
const sections = readDocument(readFileSync(document, 'utf8'));

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
// An example may change the prices.
afterEach(() =>
  db.owner.query(
    `update plan_pricing set rate_cents = 1500, inr_per_usd = 83 where plan = 'hourly_standard'`,
  ),
);
afterAll(() => dropWithCleanBooks(db));

/** A heading of headings says nothing itself. */
const isSaying = ({ prose, examples }: Section) => prose.trim() !== '' || examples.length > 0;

test('the document has rules', () => {
  expect(sections.filter(isSaying).length).toBeGreaterThan(40);
});

describe.each(sections.filter(isSaying))('$title', (section) => {
  test('has an example, and every amount and refusal that it names stands in one', () => {
    expect(section.examples.length, `line ${section.line}`).toBeGreaterThan(0);
    expect(claimsWithoutExample(section), `line ${section.line}`).toEqual([]);
  });

  test.each(section.examples)('the example of line $line', (example) => runExample(db, example));
});
