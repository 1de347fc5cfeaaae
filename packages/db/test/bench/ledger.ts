import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '@hourly/sandbox/postgres';
import pg from 'pg';
import { createDatabase, type Database } from '../../src/connect.ts';
import {
  auditAccounts,
  getStatement,
  listLedgerHeads,
  type StatementPosition,
  sealLedger,
} from '../../src/index.ts';
import { migrate } from '../../src/migrate.ts';
import { type Bulk, entriesOf, fillBooks } from '../support/bulk.ts';

// npm run -s --prefix packages/db bench:ledger -- [--shrink N]: a million ledger rows in many accounts, a million in one, and
// a hundred thousand accounts with nothing to do; N times fewer with --shrink. Takes minutes and 2 GB of disk.
const { values } = parseArgs({ options: { shrink: { type: 'string', default: '1' } } });
const shrunk = (number: number) => Math.ceil(number / Number(values.shrink));

const books: Record<string, Bulk> = {
  'many accounts': { accounts: shrunk(10_000), sessions: 10, hours: 10 },
  'one account': { accounts: 1, sessions: shrunk(100_000), hours: 10 },
  'idle accounts': { accounts: shrunk(100_000), sessions: 1, hours: 1 },
};

interface Work {
  calls: number;
  slowestMs: number;
  found: string;
}

async function bench(name: string, bulk: Bulk): Promise<void> {
  const url = await createFilled(name, bulk);
  console.log(`\n${name}: ${bulk.accounts} accounts, ${entriesOf(bulk)} rows`);
  await measure(url, 'seal everything', sealAll);
  await measure(url, 'seal nothing new', sealAll);
  await measure(url, 'print the heads', printHeads);
  if (name !== 'idle accounts') await measure(url, 'audit', audit);
  if (name === 'one account') await measure(url, 'print its statement', printStatement);
}

async function createFilled(name: string, bulk: Bulk): Promise<string> {
  const database = name.replaceAll(' ', '_');
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${database}`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = database;
  await migrate({ url: url.href });
  const owner = new pg.Pool({ connectionString: url.href });
  await fillBooks(owner, bulk);
  await owner.end();
  return url.href;
}

/** On a connection of its own, whose process of the server begins with it. */
async function measure(url: string, what: string, work: (db: Database) => Promise<Work>) {
  const db = createDatabase({ url, role: 'hourly_worker', max: 1 });
  await db.pool.query("set statement_timeout = '30min'");
  const { rows } = await db.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const backend = `/proc/${rows[0]?.pid}`;
  let ownMb = 0;
  const timer = setInterval(() => {
    ownMb = Math.max(ownMb, megabytes(`${backend}/status`, 'RssAnon'));
  }, 10);
  const startedAt = performance.now();
  const { calls, slowestMs, found } = await work(db);
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(timer);
  console.log(
    `  ${what.padEnd(20)} ${seconds.toFixed(1)} s, ${cpuSeconds(backend).toFixed(1)} s of them the server's processor; ` +
      `${calls} calls, the slowest ${Math.round(slowestMs)} ms; Postgres ${Math.round(ownMb)} MB of its own, ` +
      `${Math.round(megabytes(`${backend}/status`, 'VmHWM'))} MB at its peak with shared buffers; ` +
      `Node ${Math.round(megabytes('/proc/self/status', 'VmRSS'))} MB; ${found}`,
  );
  await db.close();
}

const megabytes = (file: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(file, 'utf8'))?.[1]) / 1024;

/** Of user and system, in the kernel's hundredths: proc(5). */
function cpuSeconds(backend: string): number {
  const stat = fs.readFileSync(path.join(backend, 'stat'), 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Goes from page to page until there is none. */
async function pages<Next>(
  ask: (next: Next | undefined) => Promise<Next | null>,
): Promise<Omit<Work, 'found'>> {
  const work = { calls: 0, slowestMs: 0 };
  let next: Next | null | undefined;
  while (next !== null) {
    const startedAt = performance.now();
    next = await ask(next);
    work.calls += 1;
    work.slowestMs = Math.max(work.slowestMs, performance.now() - startedAt);
  }
  return work;
}

async function sealAll(db: Database): Promise<Work> {
  let seals = 0;
  const work = await pages<string>(async (afterAccountId) => {
    const sealed = await sealLedger(db, { afterAccountId, limit: 1000 });
    seals += sealed.seals;
    return sealed.nextAccountId;
  });
  return { ...work, found: `${seals} seals` };
}

async function printHeads(db: Database): Promise<Work> {
  let heads = 0;
  const work = await pages<string>(async (afterAccountId) => {
    const page = await listLedgerHeads(db, { afterAccountId, limit: 1000 });
    heads += page.heads.length;
    return page.nextAccountId;
  });
  return { ...work, found: `${heads} heads` };
}

async function audit(db: Database): Promise<Work> {
  let differences = 0;
  const work = await pages<string>(async (afterAccountId) => {
    const page = await auditAccounts(db, { afterAccountId, limit: 100 });
    differences += page.differenceCount;
    return page.nextAccountId;
  });
  return { ...work, found: `${differences} differences` };
}

async function printStatement(db: Database): Promise<Work> {
  const account = await db.prisma.account.findFirstOrThrow({ select: { id: true } });
  let bytes = 0;
  const work = await pages<StatementPosition>(async (next) => {
    const page = await getStatement(db, {
      accountId: account.id.toString(),
      next: next ?? null,
      limit: 1000,
    });
    bytes += Buffer.byteLength(page.text);
    return page.next;
  });
  return { ...work, found: `${Math.round(bytes / 1e6)} MB` };
}

const server = await startTemporaryPostgres();
try {
  for (const [name, bulk] of Object.entries(books)) await bench(name, bulk);
} finally {
  await server.stop();
}
