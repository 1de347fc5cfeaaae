/**
 * Meets the package as its users do: packs it, has the tarball judged by publint and attw, installs it without a network,
 * compiles strict consumers against its types and runs it as an ES module and as CommonJS.
 * Run it after the build, by `pnpm run check:package`.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packageDir = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name: string) => join(packageDir, 'node_modules/.bin', name);
const commandLimitMs = 60_000;

/** Runs a command to its end; on failure its output is the error. */
async function command(file: string, args: string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(file, args, { cwd, timeout: commandLimitMs });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, {
      cause: error,
    });
  }
}

/** pnpm itself runs this script and says where it is; `publishConfig` is its feature, npm would ignore it. */
async function pack(into: string): Promise<string> {
  const pnpm = process.env.npm_execpath ?? 'pnpm';
  const args = ['pack', '--pack-destination', into];
  const isScript = /\.[cm]?js$/.test(pnpm);
  await command(isScript ? process.execPath : pnpm, isScript ? [pnpm, ...args] : args, packageDir);
  const tarball = (await readdir(into)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('pnpm pack made no tarball');
  return join(into, tarball);
}

const strict = {
  target: 'ES2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

/** Every way in which TypeScript finds the types, with as little around them as the program may have. */
const programs = [
  {
    name: 'ES module without DOM or Node',
    files: ['bare.ts'],
    options: { module: 'NodeNext', lib: ['ES2022'], types: [] },
  },
  {
    name: 'CommonJS without DOM or Node',
    files: ['bare.cts'],
    options: { module: 'NodeNext', lib: ['ES2022'], types: [] },
  },
  {
    name: 'bundler with DOM',
    files: ['bare.ts', 'full.ts'],
    options: {
      module: 'ESNext',
      moduleResolution: 'Bundler',
      lib: ['ES2022', 'DOM'],
      types: [],
    },
  },
  {
    name: 'ES module with Node',
    files: ['full.ts'],
    options: { module: 'NodeNext', lib: ['ES2022'], types: ['node'] },
  },
  {
    name: 'hooks',
    files: ['react.tsx'],
    options: {
      module: 'ESNext',
      moduleResolution: 'Bundler',
      lib: ['ES2022', 'DOM'],
      types: [],
      jsx: 'react-jsx',
      // @trpc/server's own declarations do not pass without it.
      skipLibCheck: true,
    },
  },
];

async function compilePrograms(consumer: string): Promise<void> {
  for (const { name, files, options } of programs) {
    const config = join(consumer, 'tsconfig.json');
    await writeFile(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
    await command(bin('tsc'), ['-p', config], consumer);
    console.log(`compiles: ${name}`);
  }
}

async function installCore(consumer: string, tarball: string): Promise<void> {
  await cp(join(packageDir, 'test/consumers'), consumer, { recursive: true });
  await cp(join(consumer, 'bare.ts'), join(consumer, 'bare.cts'));
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ type: 'module' }));
  await command('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], consumer);
  const installed = await readdir(join(consumer, 'node_modules'));
  const foreign = installed.filter((name) => name !== '@hourly' && !name.startsWith('.'));
  if (foreign.length > 0) throw new Error(`the core brings along ${foreign.join(', ')}`);
}

/** What the hooks expect of an application, from this workspace instead of a registry. */
async function linkPeers(consumer: string): Promise<void> {
  const peers = [
    '@tanstack/react-query',
    '@trpc/client',
    '@trpc/react-query',
    '@trpc/server',
    '@types/node',
    '@types/react',
    'react',
    'react-dom',
  ];
  for (const peer of peers) {
    const link = join(consumer, 'node_modules', peer);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(packageDir, 'node_modules', peer), link);
  }
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hourly-sdk-'));
  try {
    const tarball = await pack(directory);
    await command(bin('publint'), ['run', '--strict', tarball], packageDir);
    // The resolution of TypeScript before 4.7 knows no subpaths; the core works there all the same.
    await command(bin('attw'), [tarball, '--profile', 'node16'], packageDir);
    console.log('clean: publint, attw');
    const consumer = join(directory, 'consumer');
    await installCore(consumer, tarball);
    await command(process.execPath, ['run.mjs'], consumer);
    console.log('runs: ES module, CommonJS');
    await linkPeers(consumer);
    await command(process.execPath, ['run-react.mjs'], consumer);
    console.log('runs: hooks');
    await compilePrograms(consumer);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

await main();
