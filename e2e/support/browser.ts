import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Playwright needs to know about the browser to launch. */
export type Browser = { executablePath?: string; args: string[]; env: Record<string, string> };

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/hourly-chromium/', import.meta.url));
const VERSION_LIMIT_MS = 30_000;

/** Nothing but the tests' own traffic, and no need for a display, a GPU or a user other than root. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium that runs on this machine: the one named by HOURLY_CHROMIUM, the one from npm (no
 * download from anywhere else, no system packages), Debian's, or the one that Playwright installs.
 */
export async function findBrowser(): Promise<Browser> {
  const given = process.env.HOURLY_CHROMIUM;
  if (given) return { executablePath: given, args: ARGS, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const env = await unpack();
    if (env !== undefined) {
      return { executablePath: path.join(CACHE, 'chromium'), args: [...ARGS, '--no-zygote'], env };
    }
  }
  const debian = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) =>
    fs.existsSync(file),
  );
  return { ...(debian === undefined ? {} : { executablePath: debian }), args: ARGS, env: {} };
}

/** @returns what the browser needs in its environment; undefined when it doesn't run here */
async function unpack(): Promise<Record<string, string> | undefined> {
  if (!fs.existsSync(CACHE)) {
    const unfinished = `${CACHE.replace(/\/$/, '')}.${process.pid}`;
    fs.mkdirSync(unfinished, { recursive: true });
    await unpackInto(unfinished);
    // Loses gracefully against another run that has just unpacked the same.
    if (!fs.existsSync(CACHE)) fs.renameSync(unfinished, CACHE);
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  const fonts = fs.existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: path.join(CACHE, 'fonts') };
  const libraries = { LD_LIBRARY_PATH: path.join(CACHE, 'al2023/lib') };
  return [fonts, { ...fonts, ...libraries }].find(runs);
}

function runs(env: Record<string, string>): boolean {
  const { status } = spawnSync(path.join(CACHE, 'chromium'), ['--version'], {
    env: { ...process.env, ...env },
    timeout: VERSION_LIMIT_MS,
  });
  return status === 0;
}

/** The package unpacks into the temporary folder, and its libraries only where it believes to run in a cloud. */
async function unpackInto(folder: string): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, {
    TMPDIR: folder,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
  });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_EXECUTION_ENV', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
