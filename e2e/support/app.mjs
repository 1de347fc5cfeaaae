// Runs the whole product for the browser tests, as `npm start` does, on the data folder of this run,
// which goes away with it. Playwright starts this and ends it with SIGTERM.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dataDir = process.env.HOURLY_E2E_DATA_DIR;
if (!dataDir) throw new Error('HOURLY_E2E_DATA_DIR names the folder for the data of this run.');

const app = spawn(process.execPath, ['scripts/bootstrap.mjs', 'start'], {
  cwd: root,
  env: {
    ...process.env,
    // A developer's own keys have no business in a test.
    HOURLY_ENV_FILE: '/dev/null',
  },
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => app.kill(name));
// Playwright killed with -9 sends no signal.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && app.kill('SIGTERM'), 500).unref();

app.once('exit', (code) => {
  fs.rmSync(dataDir, { recursive: true, force: true });
  process.exit(code ?? 1);
});
