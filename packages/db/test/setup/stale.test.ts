import fs from 'node:fs';
import { expect, test } from 'vitest';
import { setupSql } from '../../scripts/setup-sql.ts';
import { packageFolder } from './setup-file.ts';

const setupText = fs.readFileSync(`${packageFolder}HOURLY_USAGE_SETUP.sql`, 'utf8');

test('HOURLY_USAGE_SETUP.sql is made from the migrations and functions as they are', async () => {
  const isUpToDate = setupText === (await setupSql(packageFolder));
  expect(
    isUpToDate,
    'HOURLY_USAGE_SETUP.sql is stale. Run: pnpm --filter @hourly/db setup-sql',
  ).toBe(true);
});

test('it is a single statement in which no client finds anything to replace', () => {
  const statement = setupText.replaceAll(/^--.*\n/gm, '').trim();
  const [, quote] = /^do (\$hourly_setup\$)/.exec(statement) ?? [];
  expect(quote).toBe('$hourly_setup$');
  expect(statement.split('$hourly_setup$')).toHaveLength(3);
  expect(statement).toMatch(/\$hourly_setup\$;$/);
});

test('it is plain ASCII, which no client’s encoding can change', () => {
  expect(setupText.match(/[^\n\x20-\x7e]/g)).toBeNull();
});
