import { createPublicKey } from 'node:crypto';
import type { Seller } from '@hourly/db';
import type { ServiceSettings } from '@hourly/services';
import { z } from 'zod';
import { demoOperator } from './auth/demo-cookie.ts';
import { sellerOf, sellerProblems } from './seller-settings.ts';

/** Everything that the web app reads from its environment, checked as a whole. */
export interface WebEnv extends ServiceSettings {
  /** The script that the browser loads to pay. */
  razorpayCheckoutUrl: string;
  /** Null: sign-in is the demo's. */
  clerk: { secretKey: string; publishableKey: string; jwtKey: string } | null;
  /** For `ClerkProvider`; null: render the demo's sign-in. */
  clerkPublishableKey: string | null;
  /** Signs the demo's cookie; null when Clerk signs people in. */
  demoSecret: string | null;
  /** Customers who may see the operator's page. */
  operators: readonly string[];
  /** Who stands on receipts; null: nobody is named there. */
  seller: Seller | null;
  /** The address that browsers know us by; null: each request's own. */
  publicUrl: string | null;
  logLevel: z.infer<typeof logLevel>;
  /** Next's development server. */
  development: boolean;
}

/** The environment is not usable. The message lists everything that is wrong with it. */
export class EnvError extends Error {
  constructor(problems: readonly string[]) {
    super(`The web app cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

const given = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
  z.string().trim().optional(),
);
const url = given.pipe(z.url({ protocol: /^https?$/ }).optional());
const logLevel = z.enum(['debug', 'info', 'warn', 'error', 'silent']);

const variables = z.object({
  DATABASE_URL: given.pipe(z.url({ protocol: /^postgres(ql)?$/ }).optional()),
  RAZORPAY_KEY_ID: given,
  RAZORPAY_KEY_SECRET: given,
  RAZORPAY_WEBHOOK_SECRET: given,
  RAZORPAY_WEBHOOK_SECRET_PREVIOUS: given,
  RAZORPAY_API_URL: url,
  RAZORPAY_CHECKOUT_URL: url,
  RUNPOD_ENDPOINT_URL: url,
  RUNPOD_API_KEY: given,
  CLERK_SECRET_KEY: given,
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: given,
  CLERK_JWT_KEY: given,
  HOURLY_DEMO_SECRET: given.pipe(z.string().min(16).optional()),
  HOURLY_MODELS: given,
  HOURLY_OPERATORS: given,
  HOURLY_PUBLIC_URL: url,
  HOURLY_SELLER_NAME: given,
  HOURLY_SELLER_ADDRESS: given,
  HOURLY_SELLER_GSTIN: given,
  HOURLY_GST_RATE_BASIS_POINTS: given,
  HOURLY_SAC_CODE: given,
  HOURLY_PLACE_OF_SUPPLY: given,
  LOG_LEVEL: given.pipe(logLevel.optional()),
  NODE_ENV: given,
});
type Variables = z.infer<typeof variables>;

const requiredSets = [
  ['DATABASE_URL'],
  ['RAZORPAY_KEY_ID', 'RAZORPAY_KEY_SECRET', 'RAZORPAY_WEBHOOK_SECRET'],
  ['RUNPOD_ENDPOINT_URL', 'RUNPOD_API_KEY'],
] as const satisfies (keyof Variables)[][];

const clerkSet = [
  'CLERK_SECRET_KEY',
  'NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY',
  'CLERK_JWT_KEY',
] as const satisfies (keyof Variables)[];

/**
 * Reads and checks an environment.
 * @throws EnvError that names everything missing or wrong at once.
 */
export function parseWebEnv(source: Readonly<Record<string, string | undefined>>): WebEnv {
  const parsed = variables.safeParse(source);
  if (!parsed.success) {
    throw new EnvError(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    );
  }
  const env = parsed.data;
  const problems = [
    ...requiredSets.flatMap((set) => missingOf(env, set)),
    ...signInProblems(env),
    ...jwtKeyProblems(env.CLERK_JWT_KEY),
    ...sellerProblems(env),
  ];
  if (problems.length > 0) throw new EnvError(problems);

  const publishableKey = env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? null;
  return {
    databaseUrl: env.DATABASE_URL ?? '',
    razorpay: {
      keyId: env.RAZORPAY_KEY_ID ?? '',
      keySecret: env.RAZORPAY_KEY_SECRET ?? '',
      webhookSecret: env.RAZORPAY_WEBHOOK_SECRET ?? '',
      previousWebhookSecret: env.RAZORPAY_WEBHOOK_SECRET_PREVIOUS ?? null,
      apiUrl: env.RAZORPAY_API_URL ?? null,
    },
    razorpayCheckoutUrl:
      env.RAZORPAY_CHECKOUT_URL ?? 'https://checkout.razorpay.com/v1/checkout.js',
    runpod: { endpointUrl: env.RUNPOD_ENDPOINT_URL ?? '', apiKey: env.RUNPOD_API_KEY ?? '' },
    clerk:
      publishableKey === null
        ? null
        : {
            secretKey: env.CLERK_SECRET_KEY ?? '',
            publishableKey,
            jwtKey: normalisedPem(env.CLERK_JWT_KEY ?? ''),
          },
    clerkPublishableKey: publishableKey,
    demoSecret: publishableKey === null ? (env.HOURLY_DEMO_SECRET ?? null) : null,
    models: modelsOf(env.HOURLY_MODELS),
    seller: sellerOf(env),
    operators: operatorsOf(env, publishableKey === null),
    publicUrl: env.HOURLY_PUBLIC_URL === undefined ? null : new URL(env.HOURLY_PUBLIC_URL).origin,
    logLevel: env.LOG_LEVEL ?? 'info',
    development: env.NODE_ENV === 'development',
  };
}

let parsedOnce: WebEnv | undefined;

/** The process's environment, read once. @throws EnvError */
export function webEnv(): WebEnv {
  // The whole object: Next replaces `process.env.NEXT_PUBLIC_…` by what was set during the build.
  parsedOnce ??= parseWebEnv(process.env);
  return parsedOnce;
}

function missingOf(env: Variables, set: readonly (keyof Variables)[]): string[] {
  const missing = set.filter((name) => env[name] === undefined);
  if (missing.length === 0) return [];
  const present = set.filter((name) => env[name] !== undefined);
  const because = present.length > 0 ? ` (${present.join(', ')} is set)` : '';
  return [`missing ${missing.join(', ')}${because}`];
}

function signInProblems(env: Variables): string[] {
  if (clerkSet.some((name) => env[name] !== undefined)) return missingOf(env, clerkSet);
  // Whoever can reach the demo's sign-in can be any of its customers: not where real money is.
  if (env.RAZORPAY_KEY_ID?.startsWith('rzp_live_')) {
    return [`missing ${clerkSet.join(', ')} (live Razorpay keys exclude the demo's sign-in)`];
  }
  if (env.HOURLY_DEMO_SECRET !== undefined) return [];
  return [`missing ${clerkSet.join(', ')} (or HOURLY_DEMO_SECRET for the demo's sign-in)`];
}

/** Checked at the start, because a key that cannot be read would only look like everybody being signed out. */
function jwtKeyProblems(pem: string | undefined): string[] {
  if (pem === undefined) return [];
  const wrong = 'CLERK_JWT_KEY: is not the PEM of an RSA public key';
  try {
    return createPublicKey(normalisedPem(pem)).asymmetricKeyType === 'rsa' ? [] : [wrong];
  } catch (error) {
    return [`${wrong} (${error instanceof Error ? error.message : String(error)})`];
  }
}

/** Env files often carry a PEM in one line, its line breaks written as `\n`. */
function normalisedPem(pem: string): string {
  const body = pem
    .replaceAll('\\n', '\n')
    .replace(/-----(BEGIN|END) PUBLIC KEY-----/g, '')
    .replace(/[\s"']/g, '');
  const lines = body.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----'].join('\n');
}

/** The demo has an operator among those whom one can be; elsewhere nobody is one who is not named. */
const operatorsOf = (env: Variables, isDemo: boolean): string[] => [
  ...namesIn(env.HOURLY_OPERATORS),
  ...(isDemo ? [demoOperator.userId] : []),
];

const namesIn = (list: string | undefined): string[] =>
  (list ?? '').split(',').flatMap((name) => name.trim() || []);

function modelsOf(list: string | undefined): string[] {
  const models = namesIn(list);
  return models.length > 0 ? models : ['flux-schnell', 'sdxl'];
}
