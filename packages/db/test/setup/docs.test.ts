import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programs } from './programs.ts';
import { type Server, startServer } from './server.ts';
import { packageFolder } from './setup-file.ts';

const run = promisify(execFile);
const root = path.resolve(packageFolder, '../..');
const commandLimitMs = 60_000;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test.skipIf(programs === undefined)(
  'the commands of docs/database.md do what it says',
  async () => {
    const text = fs.readFileSync(`${root}/docs/database.md`, 'utf8');
    const commands = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, command]) => command);
    expect(commands).toHaveLength(4);
    const { url } = await server.createDatabase();
    const script = [
      'set -e',
      ...commands,
      'echo "passwords $HOURLY_APP_PASSWORD $HOURLY_WORKER_PASSWORD"',
    ];
    const { stdout, stderr } = await run('bash', ['-c', script.join('\n')], {
      cwd: root,
      timeout: commandLimitMs,
      env: { ...process.env, PATH: `${programs}:${process.env.PATH}`, DATABASE_URL: url },
    });
    expect(stderr).toMatch(/NOTICE: {2}Hourly: applied 0000_older_plan_pricing, .*, functions\n/);
    expect(stderr).toMatch(/NOTICE: {2}Hourly: up to date\n$/);
    expect(stdout).toContain('hourly_standard');
    const [, app = '', worker = ''] = /^passwords (\w+) (\w+)$/m.exec(stdout) ?? [];
    expect(await plansSeenBy(url, 'hourly_app', app)).toBe(1);
    expect(await plansSeenBy(url, 'hourly_worker', worker)).toBe(1);
    await expect(plansSeenBy(url, 'hourly_app', worker)).rejects.toThrow('password');
  },
);

async function plansSeenBy(url: string, role: string, password: string): Promise<number> {
  const own = new URL(url);
  own.username = role;
  own.password = password;
  const client = new pg.Client({ connectionString: own.href });
  try {
    await client.connect();
    const { rows } = await client.query('select plan from plan_pricing');
    return rows.length;
  } finally {
    await client.end();
  }
}
