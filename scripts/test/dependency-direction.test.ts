import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../paths.ts';

const PACKAGES = ['contract', 'db', 'services', 'api', 'sdk', 'sandbox'];
let folder: string;

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-direction-')));
  for (const name of PACKAGES) {
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@hourly/${name}`, type: 'module', exports: './src/index.ts' }),
    );
    write(`packages/${name}/src/index.ts`, 'export const one = 1; export type One = number;');
    fs.mkdirSync(path.join(folder, 'node_modules/@hourly'), { recursive: true });
    fs.symlinkSync(
      path.join(folder, 'packages', name),
      path.join(folder, 'node_modules/@hourly', name),
    );
  }
  write('apps/web/src/page.ts', 'export const page = 1;');
  write('apps/worker/src/main.ts', 'export const main = 1;');
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  fs.writeFileSync(path.join(folder, file), text);
}

type Violation = { from: string; rule: { name: string; severity: string } };

/** The rules that the fixture breaks, as `<file>: <severity> <rule>`. */
function broken(): string[] {
  const config = path.join(ROOT, '.dependency-cruiser.cjs');
  const program = path.join(ROOT, 'node_modules/.bin/depcruise');
  const run = spawnSync(program, ['--config', config, '-T', 'json', 'apps', 'packages'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { summary } = JSON.parse(run.stdout) as {
    summary: { totalCruised: number; violations: Violation[] };
  };
  expect(summary.totalCruised).toBeGreaterThan(PACKAGES.length);
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.severity} ${rule.name}`);
}

test('what follows the direction is allowed', () => {
  write('packages/db/src/a.ts', "import { one } from '@hourly/contract'; export const two = one;");
  write('packages/services/src/a.ts', "import { one } from '@hourly/db'; export const two = one;");
  write('packages/api/src/a.ts', "import { one } from '@hourly/services'; export const two = one;");
  write('packages/sdk/src/a.ts', "import type { One } from '@hourly/api'; export type Two = One;");
  write('apps/web/src/a.ts', "import { one } from '@hourly/sdk'; export const two = one;");
  write('apps/worker/src/a.ts', "import { one } from '@hourly/services'; export const two = one;");
  write('apps/worker/test/a.ts', "import { one } from '@hourly/sandbox'; export const two = one;");
  expect(broken()).toEqual([]);
});

test('what goes against it is an error', () => {
  const against = [
    ['packages/contract/src/a.ts', '@hourly/db', 'contract-imports-only-none-of-ours'],
    ['packages/db/src/a.ts', '@hourly/services', 'db-imports-only-contract'],
    ['packages/db/src/b.ts', './nowhere.ts', 'no-unresolvable'],
    ['packages/services/src/a.ts', '@hourly/api', 'services-imports-only-contract-db'],
    ['packages/api/src/a.ts', '@hourly/sdk', 'api-imports-only-contract-db-services'],
    ['packages/api/src/b.ts', '../../../apps/web/src/page.ts', 'no-app-is-imported'],
    ['packages/sandbox/src/a.ts', '@hourly/contract', 'sandbox-imports-only-none-of-ours'],
    ['packages/sdk/src/a.ts', '@hourly/api', 'sdk-takes-only-types-of-the-api'],
    ['packages/sdk/src/b.ts', '@hourly/db', 'sdk-imports-only-contract-api'],
    ['apps/worker/src/a.ts', '@hourly/api', 'worker-imports-only-contract-db-services'],
    ['apps/web/src/a.ts', '@hourly/sandbox', 'web-imports-only-contract-db-services-api-sdk'],
    [
      'apps/web/src/b.ts',
      '../../../packages/sdk/src/index.ts',
      'no-relative-import-across-packages',
    ],
    ['apps/web/src/c.ts', '../../worker/src/main.ts', 'no-app-imports-another'],
  ] as const;
  for (const [file, imported] of against) {
    write(file, `import * as it from '${imported}'; export const all = it;`);
  }
  const violations = broken();
  for (const [file, , rule] of against) expect(violations).toContain(`${file}: error ${rule}`);
});

test('cycles are refused', () => {
  write('packages/db/src/a.ts', "import { b } from './b.ts'; export const a = () => b;");
  write('packages/db/src/b.ts', "import { a } from './a.ts'; export const b = () => a;");
  expect(broken()).toEqual(['packages/db/src/a.ts: error no-cycles']);
});
