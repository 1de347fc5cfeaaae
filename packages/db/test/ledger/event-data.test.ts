import { generation, session, topup } from '@hourly/contract';
import {
  admitGeneration,
  createTopup,
  endSession,
  finishGeneration,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestCustomer } from '../support/customer.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** What each kind of event carries: the resource as the API shows it, and nothing beside it. */
const shapes = {
  session: session.strict(),
  generation: generation.strict(),
  // A checkout depends on the operator's key; readers make it from the order.
  topup: topup.omit({ checkout: true }).strict(),
};

test('an event keeps the resource as the API shows it, and nothing that is ours alone', async () => {
  const accountId = await createTestCustomer(db, {});
  await createTopup(db, { accountId, amountCents: 10_000 });
  await createTopup(db, { accountId, amountCents: 10_001 });
  const { id: sessionId } = await startSession(db, { accountId });
  for (const status of ['completed', 'failed'] as const) {
    const admitted = await admitGeneration(db, { accountId, prompt: 'a', model: 'm', params: {} });
    await finishGeneration(db, {
      generationId: admitted.generation.id,
      result:
        status === 'completed'
          ? { status, outputs: [] }
          : { status, code: 'PROVIDER_FAILED', message: 'No.' },
    });
  }
  await endSession(db, { accountId, sessionId });
  const { rows } = await db.pool.query<{ type: string; data: Record<string, unknown> }>(
    'select type, data from hourly_events where account_id = $1 order by event_no',
    [accountId],
  );
  expect(rows.map(({ type }) => type)).toEqual([
    'topup.paid',
    'topup.failed',
    'session.started',
    'generation.completed',
    'generation.failed',
    'session.ended',
  ]);
  for (const { type, data } of rows) {
    const { orderId: _orderId, ...resource } = data;
    const kind = type.slice(0, type.indexOf('.')) as keyof typeof shapes;
    expect(shapes[kind].safeParse(resource).error, type).toBeUndefined();
  }
});
