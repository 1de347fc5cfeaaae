import { parseArgs } from 'node:util';
import { ensureGenerated } from '../steps/generate.ts';
import { StopError } from '../stop-error.ts';
import { forgetProductVariables } from '../test-run/forget-product-variables.ts';
import { runStep } from '../test-run/run-step.ts';

const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 30;
const MOST_MINUTES = 24 * 60;
/** For the server to start, and to look for the smallest schedule that fails. */
const SPARE_MS = 10 * MINUTE_MS;

/**
 * `npm run soak -- [--minutes N] [--seed N]`: drives random schedules of calls on the database and on a simulation of
 * the rules side by side, far more of them than `npm test` does, and tells every minute or so how far it is.
 *
 * @returns the exit code
 */
export async function soak(args: string[], signal: AbortSignal): Promise<number> {
  const { minutes, seed } = readOptions(args);
  forgetProductVariables();
  await ensureGenerated(signal);
  const { ok } = await runStep(
    {
      name: `random schedules for ${minutes} minutes`,
      command: 'vitest',
      args: ['run', '--disableConsoleIntercept', 'packages/db/test/model/schedules.test.ts'],
      env: {
        HOURLY_MODEL_MINUTES: String(minutes),
        ...(seed !== undefined && { HOURLY_MODEL_SEED: String(seed) }),
      },
      limitMs: minutes * MINUTE_MS + SPARE_MS,
    },
    signal,
  );
  return ok ? 0 : 1;
}

function readOptions(args: string[]): { minutes: number; seed: number | undefined } {
  const values = parse(args);
  const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
  if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
    throw new StopError(`--minutes is a number up to ${MOST_MINUTES}.`);
  }
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !Number.isInteger(seed)) {
    throw new StopError('--seed is a whole number.');
  }
  return { minutes, seed };
}

function parse(args: string[]): { minutes?: string; seed?: string } {
  try {
    const options = { minutes: { type: 'string' }, seed: { type: 'string' } } as const;
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new StopError(error instanceof Error ? error.message : String(error));
  }
}
