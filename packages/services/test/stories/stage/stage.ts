import { createDatabase } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { type Sandbox, startSandbox } from '@hourly/sandbox';
import {
  createRazorpayGateway,
  type PaymentGateway,
  type ServiceContext,
} from '../../../src/index.ts';
import type { Accident } from '../chapter.ts';
import { createMortal, type Mortal } from './mortal.ts';

const keys = { keyId: 'rzp_test_stories', keySecret: 'the key' };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Long enough for a busy machine. */
const patienceMs = 10_000;
/** For a provider that never answers. */
const impatienceMs = 80;

/** The webhook secrets that the product accepts, the newest first. */
export type AcceptedSecrets = [current: string, previous?: string];

/** Where chapters are played, one after the other: a database, the product's processes on it, and the provider. */
export interface Stage {
  db: TestDatabase;
  /** The worker's own connections. */
  worker: ReturnType<typeof createDatabase>;
  provider: Sandbox;
  /** Everything of one kind that the provider has, as its API tells. */
  list<Row>(what: 'orders' | 'payments' | 'refunds' | 'disputes'): Promise<Row[]>;
  /** A new process of the web app or the worker. */
  begin(of: { role: 'web' | 'worker'; accident: Accident | null; secrets: AcceptedSecrets }): {
    ctx: ServiceContext;
    mortal: Mortal;
  };
  close(): Promise<void>;
}

/** @param prepare changes the database first */
export async function openStage(
  prepare?: ((db: TestDatabase) => Promise<void>) | undefined,
): Promise<Stage> {
  const db = await createTestDatabase('hourly_app');
  // Nothing here has to outlive a crash of Postgres.
  await db.owner.query(
    `do $$ begin
       execute format('alter database %I set synchronous_commit = off', current_database());
     end $$`,
  );
  await prepare?.(db);
  const worker = createDatabase({ url: db.ownerUrl, role: 'hourly_worker', max: 6 });
  const provider = await startSandbox({
    port: 0,
    ...keys,
    webhookSecret: 'secret 0',
    runpodApiKey: 'unused',
  });
  const gatewayOf = createGateways(provider);
  return {
    db,
    worker,
    provider,
    list: (what) => listAll(provider, what),
    begin({ role, accident, secrets }) {
      const isHasty = accident?.kind === 'outage' && accident.mode === 'hang';
      const payments = gatewayOf(secrets, isHasty ? impatienceMs : patienceMs);
      const mortal = createMortal({ db: role === 'web' ? db : worker, payments }, accident);
      const { db: mortalDb, payments: mortalPayments } = mortal;
      const ctx: ServiceContext = {
        db: mortalDb,
        payments: mortalPayments,
        generator: {} as never,
        models: ['none'],
        log: silent,
      };
      return { ctx, mortal };
    },
    async close() {
      await provider.stop();
      await worker.close();
      await db.drop();
    },
  };
}

/** The real gateway, through the provider's own SDK and over HTTP. */
function createGateways(
  provider: Sandbox,
): (secrets: AcceptedSecrets, timeoutMs: number) => PaymentGateway {
  const known = new Map<string, PaymentGateway>();
  // Days pass by moving the provider's clock forward and the rows of the database back.
  const there = (at: Date) =>
    new Date(at.getTime() + Date.parse(provider.clock.view().nowIso) - Date.now());
  return (secrets, timeoutMs) => {
    const name = JSON.stringify([secrets, timeoutMs]);
    const made = known.get(name);
    if (made !== undefined) return made;
    const [webhookSecret, previousWebhookSecret] = secrets;
    const apiUrl = provider.url;
    const real = createRazorpayGateway({
      ...keys,
      webhookSecret,
      previousWebhookSecret,
      apiUrl,
      timeoutMs,
    });
    const moved =
      <Row>(list: (window: Parameters<PaymentGateway['listPayments']>[0]) => Promise<Row[]>) =>
      ({ from, to, skip }: Parameters<PaymentGateway['listPayments']>[0]) =>
        list({ from: there(from), to: there(to), skip });
    const gateway: PaymentGateway = {
      ...real,
      listPayments: moved(real.listPayments),
      listRefunds: moved(real.listRefunds),
      listDisputes: moved(real.listDisputes),
    };
    known.set(name, gateway);
    return gateway;
  };
}

async function listAll<Row>(provider: Sandbox, what: string): Promise<Row[]> {
  const authorization = `Basic ${Buffer.from(`${keys.keyId}:${keys.keySecret}`).toString('base64')}`;
  const rows: Row[] = [];
  for (let skip = 0; skip < 10_000; skip += 100) {
    const response = await fetch(`${provider.url}/v1/${what}?count=100&skip=${skip}`, {
      headers: { authorization },
    });
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
    const { items } = (await response.json()) as { items: Row[] };
    rows.push(...items);
    if (items.length < 100) return rows;
  }
  throw new Error(`too many ${what}`);
}
