import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Postgres, startPostgres, startTemporaryPostgres } from '../../src/postgres/index.ts';
import { waitFor } from '../../src/postgres/wait.ts';

let folder: string;
let dataDir: string;
let server: Postgres | undefined;

beforeEach(() => {
  // mkdtemp makes it 0700: as root this is also the case "the server's user can't enter the parent".
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-start-postgres-'));
  dataDir = path.join(folder, 'data');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  server = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  server = await startPostgres({ dataDir, unsafeFast: true });
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('starts a real Postgres 18, stops it, and keeps its data', async () => {
  const first = await start();
  expect(first.adopted).toBe(false);
  const [row] = await query(
    first.url,
    "select current_setting('server_version_num')::int / 10000 as major",
  );
  expect(row).toEqual({ major: 18 });
  await query(first.url, 'create table kept (n int); insert into kept values (7)');
  await first.stop();
  await first.gone;
  await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');

  const second = await start();
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

const debian15 = '/usr/lib/postgresql/15/bin';
test.runIf(fs.existsSync(debian15))('starts another Postgres where one is named', async () => {
  server = await startTemporaryPostgres({ binaries: debian15 });
  const rows = await query(
    server.url,
    "select current_setting('server_version_num')::int / 10000 as major, 'f' < 'é' as \"byCodePoint\", upper('é') as letter",
  );
  expect(rows).toEqual([{ major: 15, byCodePoint: true, letter: 'É' }]);
});

test('asks for a password that only its owner can read', async () => {
  const { url } = await start();
  await expect(query(url.replace(/:[0-9a-f]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
    'password',
  );
  expect(fs.statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
});

test('a committed row outlives kill -9 of the server', async () => {
  server = await startPostgres({ dataDir });
  const killed = server;
  await query(killed.url, 'create table kept (n int); insert into kept values (7)');
  process.kill(killed.pid, 'SIGKILL');
  await killed.gone;

  const restarted = await start();
  expect(restarted.adopted).toBe(false);
  expect(await query(restarted.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('takes over a server that still runs', async () => {
  const first = await start();
  const second = await startPostgres({ dataDir });
  expect(second).toMatchObject({ adopted: true, pid: first.pid, url: first.url });
});

test('a stale pid file that names a living stranger is ignored, and the stranger lives on', async () => {
  await (await start()).stop();
  const stranger = spawn('sleep', ['60']);
  try {
    const lines = [stranger.pid, dataDir, 1, 5432, '', '127.0.0.1', '', 'ready'];
    fs.writeFileSync(path.join(dataDir, 'postmaster.pid'), `${lines.join('\n')}\n`);
    const started = await start();
    expect(started.adopted).toBe(false);
    expect(started.pid).not.toBe(stranger.pid);
    expect(stranger.exitCode).toBeNull();
  } finally {
    stranger.kill('SIGKILL');
  }
});

test('takes another port when the wished one is in use', async () => {
  const first = await start();
  const other = await startPostgres({
    dataDir: path.join(folder, 'other'),
    port: first.port,
    unsafeFast: true,
  });
  try {
    expect(other.port).not.toBe(first.port);
    expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    await other.stop();
  }
});

test('leaves a folder alone that holds something else', async () => {
  fs.mkdirSync(dataDir);
  fs.writeFileSync(path.join(dataDir, 'thesis.txt'), 'only copy');
  await expect(start()).rejects.toThrow('is not empty and holds no Postgres database');
  expect(fs.readFileSync(path.join(dataDir, 'thesis.txt'), 'utf8')).toBe('only copy');
});

test('refuses a cluster of another version and one without its password', async () => {
  await (await start()).stop();
  server = undefined;
  fs.rmSync(`${dataDir}.password`);
  await expect(start()).rejects.toThrow('password file');

  fs.writeFileSync(`${dataDir}.password`, 'any');
  fs.writeFileSync(path.join(dataDir, 'PG_VERSION'), '15\n');
  await expect(start()).rejects.toThrow('was made by Postgres 15; this is Postgres 18');
});

test.runIf(process.getuid?.() === 0)('as root, runs as whoever the data belongs to', async () => {
  fs.mkdirSync(dataDir);
  fs.chownSync(dataDir, 65_534, 65_534);
  const { pid } = await start();
  expect(fs.statSync(`/proc/${pid}`).uid).toBe(65_534);
});

test('says what Postgres said when it does not start, and leaves nothing running', async () => {
  await (await start()).stop();
  server = undefined;
  fs.appendFileSync(path.join(dataDir, 'postgresql.conf'), '\nshared_buffers = nonsense\n');
  await expect(start()).rejects.toThrow('shared_buffers');
});

test('a temporary server and its data disappear with the process that started it', async () => {
  const entry = new URL('../../src/postgres/index.ts', import.meta.url).href;
  const source = `
    const { startTemporaryPostgres } = await import(${JSON.stringify(entry)});
    console.log((await startTemporaryPostgres()).pid);
    setInterval(() => {}, 1000);
  `;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    owner.stdout.once('data', (data: Buffer) => resolve(Number(data)));
  });
  expect(isRunning(pid)).toBe(true);
  owner.kill('SIGKILL');
  await waitFor(
    10_000,
    () => `process ${pid} or its folder is still there`,
    () => (isRunning(pid) || clusters().length > 0 ? undefined : true),
  );
});

test('a temporary server comes back after a crash with what was committed', async () => {
  const crashing = await startTemporaryPostgres();
  server = crashing;
  const { url, pid } = crashing;
  await query(url, 'create table kept (n int); insert into kept values (7)');
  await crashing.crash();
  await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  await crashing.restart();
  expect(crashing.pid).not.toBe(pid);
  expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a temporary server leaves no folder behind', async () => {
  vi.stubEnv('TMPDIR', folder);
  const temporary = await startTemporaryPostgres();
  expect(clusters()).toHaveLength(1);
  await temporary.stop();
  expect(clusters()).toEqual([]);
});

function clusters(): string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith('hourly-postgres-'));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
