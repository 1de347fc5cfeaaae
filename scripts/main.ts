import { once } from 'node:events';
import { Cleanup } from './processes/cleanup.ts';
import { surviveClosedOutput } from './processes/output.ts';
import { stopSignal } from './processes/stop-signal.ts';
import { StopError } from './stop-error.ts';

surviveClosedOutput();
const [command = 'start', ...args] = process.argv.slice(2);
const cleanup = new Cleanup();
const stopped = stopSignal(() => {
  console.error('still stopping; once everything has stopped this ends by itself');
});

try {
  process.exitCode = await run();
} catch (error) {
  // What was under way fails when it is told to stop; that is no news.
  if (!stopped.aborted) {
    console.error(error instanceof StopError ? error.message : error);
    process.exitCode = 1;
  }
} finally {
  await cleanup.run();
}
// What keeps the process alive now is only what watched the parts that have stopped.
process.exit();

async function run(): Promise<number> {
  switch (command) {
    case 'start':
    case 'dev': {
      const { start } = await import('./commands/start.ts');
      return await untilStopped(start, command);
    }
    case 'cli': {
      const { cli } = await import('./commands/cli.ts');
      return await cli(args, cleanup, stopped);
    }
    case 'test': {
      const { test } = await import('./commands/test.ts');
      return await test(stopped);
    }
    case 'soak': {
      const { soak } = await import('./commands/soak.ts');
      return await soak(args, stopped);
    }
    default:
      throw new StopError(`There is no command "${command}": start, dev, test, soak, cli.`);
  }
}

async function untilStopped(
  start: typeof import('./commands/start.ts').start,
  mode: 'start' | 'dev',
): Promise<number> {
  const log = (line: string) => console.log(line);
  const brokenDown = new AbortController();
  const signal = AbortSignal.any([stopped, brokenDown.signal]);
  const url = await start({ mode, log, cleanup, signal }, (error) =>
    brokenDown.abort(new StopError(error.message, { cause: error })),
  );
  log(`ready ${url}`);
  if (!signal.aborted) await once(signal, 'abort');
  if (!stopped.aborted) throw brokenDown.signal.reason;
  log('stopping');
  await cleanup.run();
  log('stopped; the data is kept');
  return 0;
}
