import {
  admitGeneration,
  ensureAccount,
  getBalance,
  getGeneration,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { type Sandbox, startSandbox } from '@hourly/sandbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createRazorpayGateway,
  createRunpodGateway,
  createTopup,
  finishGenerations,
  reconcileTopups,
  type ServiceContext,
} from '../src/index.ts';

const secrets = { keyId: 'rzp_test_x', keySecret: 'k', webhookSecret: 'w', runpodApiKey: 'r' };

let db: TestDatabase;
let sandbox: Sandbox;
let ctx: ServiceContext;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  sandbox = await startSandbox({ port: 0, generationMs: 50, ...secrets });
  ctx = {
    db,
    payments: createRazorpayGateway({ ...secrets, apiUrl: sandbox.url }),
    generator: createRunpodGateway({
      endpointUrl: `${sandbox.url}/v2/x`,
      apiKey: secrets.runpodApiKey,
    }),
    models: ['m'],
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
});
afterAll(async () => {
  await sandbox?.stop();
  await db?.drop();
});

it("does all of the worker's work with the rights of the worker's role", async () => {
  const { accountId } = await ensureAccount(db, { userId: 'somebody', mode: 'live' });
  const topup = await createTopup(ctx, { accountId, amountCents: 10_000 });
  await fetch(`${sandbox.url}/_sandbox/orders/${topup.checkout?.orderId}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"webhook":"drop"}',
  });
  expect(await reconcileTopups(ctx, { limit: 10, all: true })).toMatchObject({ credited: 1 });
  expect((await getBalance(db, { accountId })).balanceCents).toBe(10_000);

  await startSession(db, { accountId });
  const asked = { accountId, prompt: 'a cat', model: 'm', params: { width: 64, height: 64 } };
  const { generation } = await admitGeneration(db, asked);
  // Each pass is due at once; the provider takes as long as it takes.
  const deadline = performance.now() + 8_000;
  let { status } = generation;
  while (status !== 'completed' && performance.now() < deadline) {
    await db.owner.query(
      'update hourly_generations set look_after_at = now() where completed_at is null',
    );
    await finishGenerations(ctx, { limit: 10 });
    ({ status } = await getGeneration(db, { accountId, id: generation.id }));
  }
  expect(status).toBe('completed');
});
