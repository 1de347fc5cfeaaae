import { ensureAccount, getBalance } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { type Sandbox, startSandbox } from '@hourly/sandbox';
import {
  createRazorpayGateway,
  createRunpodGateway,
  createTopup,
  reconcileTopups,
  type ServiceContext,
} from '../../src/index.ts';

const secrets = { keyId: 'rzp_test_x', keySecret: 'k', webhookSecret: 'w', runpodApiKey: 'r' };

/** One line of what the services logged. */
export interface Logged {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
}

export interface StandIns {
  ctx: ServiceContext;
  sandbox: Sandbox;
  logged: Logged[];
  /** Pulls a lever of the stand-in and answers what it answers. */
  lever(path: string, body?: object): Promise<Record<string, unknown>>;
}

/** The services on a real database, in front of stand-ins that speak the providers' wire protocols. */
export async function startStandIns(db: TestDatabase): Promise<StandIns> {
  const sandbox = await startSandbox({ port: 0, ...secrets });
  const logged: Logged[] = [];
  const note = (level: Logged['level']) => (_data: object, message: string) => {
    logged.push({ level, message });
  };
  const log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  const ctx: ServiceContext = {
    db,
    payments: createRazorpayGateway({ ...secrets, apiUrl: sandbox.url, timeoutMs: 2000 }),
    generator: createRunpodGateway({ endpointUrl: `${sandbox.url}/v2/x`, apiKey: 'r' }),
    models: ['m'],
    log,
  };
  const lever = async (path: string, body: object = {}) => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  return { ctx, sandbox, logged, lever };
}

let users = 0;

/** A customer whose top-up is paid; credited as well, unless `isCredited` is false. */
export async function payingCustomer(
  { ctx, lever }: StandIns,
  { amountCents = 10_000, isCredited = true }: { amountCents?: number; isCredited?: boolean } = {},
) {
  users += 1;
  const { accountId } = await ensureAccount(ctx.db, { userId: `payer_${users}`, mode: 'live' });
  const topup = await createTopup(ctx, { accountId, amountCents });
  const orderId = topup.checkout?.orderId ?? '';
  await lever(`/orders/${orderId}/pay`, { webhook: 'drop' });
  const [payment] = await ctx.payments.listOrderPayments(orderId);
  if (payment === undefined) throw new Error('not paid');
  if (isCredited) await reconcileTopups(ctx, { limit: 1000, all: true });
  const balance = async () => (await getBalance(ctx.db, { accountId })).balanceCents;
  return { accountId, topupId: topup.id, orderId, payment, balance };
}
