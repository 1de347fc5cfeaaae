import type { ServiceSettings } from '@hourly/services';
import { z } from 'zod';

const logLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);

/** What the worker, and with it the operator's commands, read from their environment. */
export interface WorkerEnv extends ServiceSettings {
  /** Longest wait between two passes of the settlement. */
  tickIntervalMs: number;
  /** How long a stop waits for what is under way; shorter than supervisors wait before they kill. */
  stopLimitMs: number;
  logLevel: z.infer<typeof logLevel>;
}

/** The environment is not usable. The message lists everything that is wrong with it. */
export class EnvError extends Error {
  constructor(problems: readonly string[]) {
    super(`The environment is not complete: ${problems.join('; ')}`);
    this.name = 'EnvError';
  }
}

const given = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
  z.string().trim().optional(),
);
const url = given.pipe(z.url({ protocol: /^https?$/ }).optional());
const milliseconds = (low: number, high: number) =>
  given.pipe(z.coerce.number<string | undefined>().pipe(z.int().min(low).max(high)).optional());

const variables = z.object({
  DATABASE_URL: given.pipe(z.url({ protocol: /^postgres(ql)?$/ }).optional()),
  RAZORPAY_KEY_ID: given,
  RAZORPAY_KEY_SECRET: given,
  RAZORPAY_WEBHOOK_SECRET: given,
  RAZORPAY_WEBHOOK_SECRET_PREVIOUS: given,
  RAZORPAY_API_URL: url,
  RUNPOD_ENDPOINT_URL: url,
  RUNPOD_API_KEY: given,
  HOURLY_MODELS: given,
  HOURLY_TICK_INTERVAL_MS: milliseconds(50, 60_000),
  HOURLY_STOP_LIMIT_MS: milliseconds(100, 120_000),
  LOG_LEVEL: given.pipe(logLevel.optional()),
});
type Variables = z.infer<typeof variables>;
type Source = Readonly<Record<string, string | undefined>>;

const databaseSet = ['DATABASE_URL'] as const;
const razorpaySet = ['RAZORPAY_KEY_ID', 'RAZORPAY_KEY_SECRET', 'RAZORPAY_WEBHOOK_SECRET'] as const;
const runpodSet = ['RUNPOD_ENDPOINT_URL', 'RUNPOD_API_KEY'] as const;

/**
 * Everything, for the worker and for commands that reach the outside world.
 * @throws EnvError that names everything missing or wrong at once.
 */
export function workerEnv(source: Source = process.env): WorkerEnv {
  const env = read(source, [databaseSet, razorpaySet, runpodSet]);
  const models = (env.HOURLY_MODELS ?? '').split(',').flatMap((name) => name.trim() || []);
  return {
    databaseUrl: env.DATABASE_URL ?? '',
    razorpay: {
      keyId: env.RAZORPAY_KEY_ID ?? '',
      keySecret: env.RAZORPAY_KEY_SECRET ?? '',
      webhookSecret: env.RAZORPAY_WEBHOOK_SECRET ?? '',
      previousWebhookSecret: env.RAZORPAY_WEBHOOK_SECRET_PREVIOUS ?? null,
      apiUrl: env.RAZORPAY_API_URL ?? null,
    },
    runpod: { endpointUrl: env.RUNPOD_ENDPOINT_URL ?? '', apiKey: env.RUNPOD_API_KEY ?? '' },
    models: models.length > 0 ? models : ['flux-schnell', 'sdxl'],
    tickIntervalMs: env.HOURLY_TICK_INTERVAL_MS ?? 2000,
    stopLimitMs: env.HOURLY_STOP_LIMIT_MS ?? 7000,
    logLevel: env.LOG_LEVEL ?? 'info',
  };
}

/**
 * The database alone, for commands that need nothing else.
 * @throws EnvError
 */
export function databaseEnv(source: Source = process.env): { databaseUrl: string } {
  return { databaseUrl: read(source, [databaseSet]).DATABASE_URL ?? '' };
}

/** Where the operator called from: npm, and the door behind it, run commands in folders of their own. */
export const callerFolder = (source: Source = process.env): string =>
  source.INIT_CWD ?? process.cwd();

function read(source: Source, sets: readonly (readonly (keyof Variables)[])[]): Variables {
  const parsed = variables.safeParse(source);
  if (!parsed.success) {
    throw new EnvError(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    );
  }
  const missing = sets.flat().filter((name) => parsed.data[name] === undefined);
  if (missing.length > 0) throw new EnvError([`missing ${missing.join(', ')}`]);
  return parsed.data;
}
