import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setupSql } from '../../scripts/setup-sql.ts';

export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * HOURLY_USAGE_SETUP.sql as it has to be. The one in the package is compared with it elsewhere, so that a stale one fails
 * one test, which says what to do.
 */
export async function writeSetupFile(): Promise<{ text: string; file: string; remove(): void }> {
  const text = await setupSql(packageFolder);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-setup-'));
  const file = path.join(folder, 'HOURLY_USAGE_SETUP.sql');
  fs.writeFileSync(file, text);
  return { text, file, remove: () => fs.rmSync(folder, { recursive: true }) };
}

export const neighboursSql = (): string =>
  fs.readFileSync(new URL('neighbours.sql', import.meta.url), 'utf8');
