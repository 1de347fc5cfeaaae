import type { ApiKey, Balance, CreatedApiKey, Page, Session } from '@hourly/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserOf, fundedTestCustomer, holderOf, newUserId, refusal } from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

describe('credentials', () => {
  it('are needed for every procedure', async () => {
    for (const headers of [
      {},
      { authorization: 'Bearer hk_live_unknown' },
      { authorization: `Bearer hk_live_${'A'.repeat(40)}` },
      { authorization: 'Bearer hk_test_x', cookie: 'user=somebody' },
      { authorization: 'Basic YTpi' },
    ]) {
      const rest = await fetch(`${world.url}/api/hourly-usage/end`, { headers });
      expect([rest.status, ((await rest.json()) as { reason: string }).reason]).toEqual([
        401,
        'UNAUTHENTICATED',
      ]);
      const trpc = await fetch(`${world.url}/api/trpc/hourlyUsage.status`, { headers });
      const { error } = (await trpc.json()) as { error: { data: object } };
      expect(trpc.status).toBe(401);
      expect(error.data).toMatchObject({ reason: 'UNAUTHENTICATED', code: 'UNAUTHORIZED' });
    }
  });

  it('of a browser choose the account by Hourly-Mode', async () => {
    const userId = newUserId();
    await browserOf(world, userId, 'test').post('/topup', { amountCents: 10_000 });
    const balance = async (mode?: 'live' | 'test') =>
      (await browserOf(world, userId, mode).get<Balance>('/topup')).body;
    expect(await balance('test')).toMatchObject({ mode: 'test', balanceCents: 10_000 });
    expect(await balance('live')).toMatchObject({ mode: 'live', balanceCents: 0 });
    expect(await balance()).toMatchObject({ mode: 'live' });
    const wrong = await browserOf(world, userId).get('/topup', { 'hourly-mode': 'sandbox' });
    expect([wrong.status, refusal(wrong).reason]).toEqual([400, 'INVALID_INPUT']);
  });

  it('in cookies do not work from pages of other sites', async () => {
    const customer = await fundedTestCustomer(world);
    for (const origin of ['https://evil.example', 'null', `${world.url}.evil.example`]) {
      const answer = await customer.post('/start', {}, { origin });
      expect([answer.status, refusal(answer).reason]).toEqual([403, 'FORBIDDEN']);
    }
    expect((await customer.post('/start', {}, { origin: world.url })).status).toBe(200);
    const proxied = { origin: 'https://hourly.example', 'x-forwarded-host': 'hourly.example' };
    expect((await customer.post('/end', {}, proxied)).status).toBe(200);
    expect((await customer.get('/end', { origin: 'https://evil.example' })).status).toBe(200);
  });
});

describe('API keys', () => {
  it('are shown once, carry their mode and act on their account', async () => {
    const customer = await fundedTestCustomer(world);
    const { body: key } = await customer.post<CreatedApiKey>('/keys', { name: '  Server ' });
    expect(key).toMatchObject({ name: 'Server', mode: 'test', revokedAt: null, expiresAt: null });
    expect(key.secret).toMatch(/^hk_test_[0-9A-Za-z]{32,}$/);
    expect(key.secret?.startsWith(key.prefix)).toBe(true);

    const holder = holderOf(world, key.secret ?? '');
    const { body } = await holder.post<Session>('/start', {}, { 'hourly-mode': 'live' });
    expect(body.status).toBe('active');
    expect((await customer.trpc.hourlyUsage.status.query()).session?.id).toBe(body.id);
    // Whoever holds a key is no browser: where a request comes from says nothing.
    expect((await holder.post('/end', {}, { origin: 'https://elsewhere.example' })).status).toBe(
      200,
    );

    const { body: list } = await customer.get<Page<ApiKey>>('/keys');
    expect(list.items).toMatchObject([{ id: key.id, lastUsedAt: expect.any(String) }]);
    expect(JSON.stringify(list)).not.toContain(key.secret);
    const { rows } = await world.db.owner.query('select * from hourly_api_keys where id = $1', [
      key.id,
    ]);
    expect(JSON.stringify(rows)).not.toContain(key.secret);
  });

  it('may not make, list or revoke keys', async () => {
    const customer = await fundedTestCustomer(world);
    const { body: key } = await customer.post<CreatedApiKey>('/keys', { name: 'x' });
    const holder = holderOf(world, key.secret ?? '');
    for (const answer of [
      await holder.get('/keys'),
      await holder.post('/keys', { name: 'more' }),
      await holder.remove(`/keys/${key.id}`),
    ]) {
      expect([answer.status, refusal(answer).reason]).toEqual([403, 'FORBIDDEN']);
    }
    await expect(holder.trpc.hourlyUsage.keys.list.query()).rejects.toMatchObject({
      data: { reason: 'FORBIDDEN' },
    });
  });

  it('end with their revocation and their expiry', async () => {
    const customer = await fundedTestCustomer(world);
    const keys = customer.trpc.hourlyUsage.keys;
    const key = await keys.create.mutate({ name: 'short' });
    const holder = holderOf(world, key.secret ?? '');
    expect((await holder.get('/end')).status).toBe(200);
    const { body: revoked } = await customer.remove<ApiKey>(`/keys/${key.id}`);
    expect(revoked.revokedAt).not.toBeNull();
    expect((await keys.revoke.mutate({ id: key.id })).revokedAt).toBe(revoked.revokedAt);
    expect((await holder.get('/end')).status).toBe(401);

    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const lasting = await keys.create.mutate({ name: 'a day', expiresAt });
    expect(lasting.expiresAt).toBe(expiresAt);
    await world.db.owner.query(
      "update hourly_api_keys set expires_at = now() - interval '1 s' where id = $1",
      [lasting.id],
    );
    expect((await holderOf(world, lasting.secret ?? '').get('/end')).status).toBe(401);
    await expect(
      keys.create.mutate({ name: 'late', expiresAt: '2020-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT' },
    });
  });

  it('are made once by a repeated call, which does not know the secret', async () => {
    const customer = await fundedTestCustomer(world);
    const input = { name: 'once', idempotencyKey: 'key-once' };
    const first = await customer.trpc.hourlyUsage.keys.create.mutate(input);
    const replay = await customer.trpc.hourlyUsage.keys.create.mutate(input);
    expect(replay).toEqual({ ...first, secret: null });
  });

  it('belong to their customer', async () => {
    const owner = await fundedTestCustomer(world);
    const stranger = await fundedTestCustomer(world);
    const { body: key } = await owner.post<CreatedApiKey>('/keys', { name: 'mine' });
    const answer = await stranger.remove(`/keys/${key.id}`);
    expect([answer.status, refusal(answer).reason]).toEqual([404, 'NOT_FOUND']);
    expect((await stranger.get<Page<ApiKey>>('/keys')).body.items).toEqual([]);
  });
});
