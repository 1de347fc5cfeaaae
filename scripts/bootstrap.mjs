// The way in for `npm start`, `npm test` and the CLI. It needs nothing but Node and npm: it checks
// the Node version, installs the packages when they are missing or out of date, and hands over to
// main.ts in this same process, so that a signal to npm reaches the one who has to act on it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const findPnpmLimitMs = 5 * 60_000;
const installLimitMs = 15 * 60_000;
const stampFile = path.join(root, 'node_modules', '.hourly-install.json');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

requireNode(manifest.engines.node);
process.env.HOURLY_STARTED_IN = process.cwd();
process.chdir(root);
prepareEnvironment();
await usePackages();
const { register } = await import('tsx/esm/api');
register();
await import('./main.ts');

/** @param {string} range like `>=20.19` */
function requireNode(range) {
  const [major = 0, minor = 0] = range.replace('>=', '').split('.').map(Number);
  const [ourMajor = 0, ourMinor = 0] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  console.error(
    `Hourly needs Node ${major}.${minor} or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(1);
}

function prepareEnvironment() {
  process.env.HOURLY_UNDER_NPM = process.env.npm_lifecycle_event ? '1' : '';
  for (const name of Object.keys(process.env)) {
    // npm hands its whole configuration down, which pnpm would take for its own.
    const needed = /registry|cafile|proxy|strict_ssl|userconfig/i.test(name);
    if (/^npm_/i.test(name) && !needed) delete process.env[name];
  }
  Object.assign(process.env, {
    // Prisma's commands look for an engine that can't be downloaded everywhere. None of those used
    // here runs it; any program that exists and fails when it is run will do.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  });
}

/** Installs when needed, and puts the packages' programs and pnpm (turbo wants it) on the PATH. */
async function usePackages() {
  const wanted = fingerprint();
  const stamp = readStamp();
  const current = stamp?.fingerprint === wanted && fs.existsSync(stamp.pnpm);
  const pnpm = current ? stamp.pnpm : install(wanted);
  process.env.PATH = [
    path.join(root, 'node_modules', '.bin'),
    path.dirname(pnpm),
    process.env.PATH,
  ].join(path.delimiter);
}

/** @param {string} wanted */
function install(wanted) {
  const startedAt = Date.now();
  console.error('installing packages (a minute or so the first time)');
  const pnpm = findPnpm(manifest.packageManager.split('+')[0]);
  const run = spawnSync(pnpm, ['install', '--frozen-lockfile', '--prefer-offline'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: installLimitMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) {
    console.error(`${run.stdout ?? ''}${run.stderr ?? ''}`);
    console.error(`pnpm install failed (${run.error?.message ?? run.status ?? run.signal}).`);
    process.exit(1);
  }
  fs.writeFileSync(stampFile, JSON.stringify({ fingerprint: wanted, pnpm }));
  console.error(`installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return pnpm;
}

/** @param {string} version like `pnpm@10.34.9` */
function findPnpm(version) {
  const run = spawnSync('npx', ['--yes', `--package=${version}`, '-c', 'command -v pnpm'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: findPnpmLimitMs,
  });
  const found = run.stdout?.trim();
  if (found) return found;
  console.error(run.stderr ?? run.error?.message);
  console.error(`Could not get ${version} through npx. Is the npm registry reachable?`);
  process.exit(1);
}

/** What an installation depends on: the lockfile, every manifest, and the machine. */
function fingerprint() {
  const hash = createHash('sha256');
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests()]) {
    hash.update(`${file}\n`).update(fs.readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function manifests() {
  const folders = ['apps', 'packages'].flatMap((parent) =>
    fs
      .readdirSync(path.join(root, parent))
      .sort()
      .map((name) => path.join(parent, name)),
  );
  return [...folders, 'e2e']
    .map((folder) => path.join(folder, 'package.json'))
    .filter((file) => fs.existsSync(path.join(root, file)));
}

/** @returns {{ fingerprint: string, pnpm: string } | undefined} */
function readStamp() {
  const complete =
    fs.existsSync(stampFile) &&
    manifests().every((file) => fs.existsSync(path.join(root, path.dirname(file), 'node_modules')));
  if (!complete) return undefined;
  try {
    return JSON.parse(fs.readFileSync(stampFile, 'utf8'));
  } catch {
    // Half-written by an interrupted run: install again, which writes it anew.
    return undefined;
  }
}
