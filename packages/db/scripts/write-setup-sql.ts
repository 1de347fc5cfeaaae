import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setupSql } from './setup-sql.ts';

// pnpm --filter @hourly/db setup-sql [release]: writes HOURLY_USAGE_SETUP.sql, and with the name of a release (1.2.0)
// keeps a copy of it in releases/, which the tests of upgrades begin with.
const folder = fileURLToPath(new URL('..', import.meta.url));
const [release] = process.argv.slice(2);

const sql = await setupSql(folder);
await fs.writeFile(path.join(folder, 'HOURLY_USAGE_SETUP.sql'), sql);
if (release !== undefined) {
  // A release that is out stays as it was.
  await fs.writeFile(path.join(folder, 'releases', `${release}.sql`), sql, { flag: 'wx' });
}
