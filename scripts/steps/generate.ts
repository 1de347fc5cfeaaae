import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../paths.ts';
import { runQuietly } from '../processes/run-quietly.ts';

const DB = path.join(ROOT, 'packages/db');
const STAMP = path.join(DB, 'src/generated/.hourly-stamp');
const LIMIT_MS = 120_000;

/** Makes the Prisma client from the schema, unless it is there already. */
export async function ensureGenerated(signal?: AbortSignal): Promise<void> {
  const wanted = createHash('sha256');
  for (const file of ['prisma/schema.prisma', 'prisma.config.ts', 'package.json']) {
    wanted.update(fs.readFileSync(path.join(DB, file)));
  }
  const stamp = wanted.digest('hex');
  if (fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === stamp) return;
  await runQuietly('turbo', ['run', 'generate', '--output-logs=errors-only'], {
    what: 'generating the database client',
    limitMs: LIMIT_MS,
    signal,
  });
  fs.writeFileSync(STAMP, stamp);
}
