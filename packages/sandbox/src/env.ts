import { z } from 'zod';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

const secret = z.string().min(1);

const envSchema = z
  .object({
    SANDBOX_PORT: z.coerce.number().int().min(0).max(65535),
    SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
    SANDBOX_DATA_DIR: z.string().min(1).optional(),
    SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    SANDBOX_GENERATION_MS: z.coerce.number().int().min(0).max(600_000).default(2_500),
    RAZORPAY_KEY_ID: secret.refine((id) => !id.startsWith('rzp_live_'), 'is a live key'),
    RAZORPAY_KEY_SECRET: secret,
    RAZORPAY_WEBHOOK_SECRET: secret,
    RUNPOD_API_KEY: secret,
    HOURLY_DEMO: z.string().optional(),
  })
  .refine((env) => LOOPBACK.includes(env.SANDBOX_HOST) || env.HOURLY_DEMO === '1', {
    path: ['SANDBOX_HOST'],
    message: 'must be a loopback address unless HOURLY_DEMO=1',
  });

export type Env = z.output<typeof envSchema>;

/** Reads the process environment, once. An empty variable counts as not set. */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const filled = Object.entries(source).filter(([, value]) => value !== '');
  const parsed = envSchema.safeParse(Object.fromEntries(filled));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
  throw new Error(`The sandbox's environment is not valid.\n  ${problems.join('\n  ')}`);
}
