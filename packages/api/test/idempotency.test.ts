import type { Clock, Page, Session, Topup } from '@hourly/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedTestCustomer, refusal, testCustomer } from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const keyed = (key: string) => ({ 'idempotency-key': key });

describe('a mutation with a key', () => {
  it('is done once, and a replay shows its resource as it is now', async () => {
    const customer = await fundedTestCustomer(world);
    const first = await customer.post<Session>('/start', {}, keyed('start'));
    await customer.post('/end');
    const replay = await customer.post<Session>('/start', {}, keyed('start'));
    expect(replay.body).toMatchObject({ id: first.body.id, status: 'ended', hoursCharged: 1 });
    const list = await customer.get<Page<Session>>('/sessions');
    expect(list.body.items).toHaveLength(1);
  });

  it('is the same whether a body is there, and by REST or tRPC', async () => {
    const customer = await fundedTestCustomer(world);
    const first = await customer.post<Session>('/start', undefined, keyed('both'));
    const empty = await customer.post<Session>('/start', {}, keyed('both'));
    const inBody = await customer.post<Session>('/start', { idempotencyKey: 'both' });
    const trpc = await customer.trpc.hourlyUsage.start.mutate({ idempotencyKey: 'both' });
    expect([empty.body.id, inBody.body.id, trpc.id]).toEqual(Array(3).fill(first.body.id));
  });

  it('does not depend on the order of the fields', async () => {
    const customer = await fundedTestCustomer(world);
    const first = await customer.post<Session>(
      '/start',
      { maxHours: 2, hourEnd: 'pause' },
      keyed('order'),
    );
    const other = await customer.post<Session>(
      '/start',
      { hourEnd: 'pause', maxHours: 2 },
      keyed('order'),
    );
    expect(other.body.id).toBe(first.body.id);
  });

  it('is refused for another input or another procedure', async () => {
    const customer = await fundedTestCustomer(world);
    await customer.post('/start', { maxHours: 2 }, keyed('used'));
    for (const answer of [
      await customer.post('/start', { maxHours: 3 }, keyed('used')),
      await customer.post('/end', {}, keyed('used')),
      await customer.post('/topup', { amountCents: 10_000 }, keyed('used')),
      await customer.post('/clock', { advanceSeconds: 1 }, keyed('used')),
    ]) {
      expect([answer.status, refusal(answer).reason]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
  });

  it('does not keep refusals', async () => {
    const customer = testCustomer(world);
    const refused = await customer.post('/start', {}, keyed('later'));
    expect(refusal(refused).reason).toBe('INSUFFICIENT_BALANCE');
    await customer.post('/topup', { amountCents: 10_000 });
    expect((await customer.post('/start', {}, keyed('later'))).status).toBe(200);
  });

  it('is done once by many calls at the same time', async () => {
    const customer = await fundedTestCustomer(world, 10_000);
    const topups = await Promise.all(
      Array.from({ length: 10 }, () =>
        customer.post<Topup>('/topup', { amountCents: 10_000 }, keyed('many')),
      ),
    );
    expect(new Set(topups.map(({ body }) => body.id)).size).toBe(1);
    const clocks = await Promise.all(
      Array.from({ length: 10 }, () =>
        customer.post<Clock>('/clock', { advanceSeconds: 60 }, keyed('tick')),
      ),
    );
    expect(new Set(clocks.map(({ body }) => body.now)).size).toBe(1);
    expect((await customer.trpc.hourlyUsage.balance.query()).balanceCents).toBe(20_000);
  });

  it('is another one for each account', async () => {
    const [one, two] = [await fundedTestCustomer(world), await fundedTestCustomer(world)];
    const first = await one.post<Session>('/start', {}, keyed('shared'));
    const second = await two.post<Session>('/start', { maxHours: 9 }, keyed('shared'));
    expect(second.status).toBe(200);
    expect(second.body.id).not.toBe(first.body.id);
  });
});

describe('a key', () => {
  it('is refused when it is empty, too long, or not the one of the input', async () => {
    const customer = await fundedTestCustomer(world);
    for (const answer of [
      await customer.post('/start', {}, keyed('')),
      await customer.post('/start', {}, keyed('x'.repeat(256))),
      await customer.post('/start', { idempotencyKey: 'x'.repeat(256) }),
      await customer.post('/start', { idempotencyKey: 'one' }, keyed('two')),
      await customer.post('/start', { idempotencyKey: 'nul\u0000' }),
    ]) {
      expect([answer.status, refusal(answer).reason]).toEqual([400, 'INVALID_INPUT']);
    }
    expect((await customer.post('/start', {}, keyed('x'.repeat(255)))).status).toBe(200);
  });
});
