import { randomUUID } from 'node:crypto';
import {
  addBalance,
  advanceClock,
  cancelGeneration,
  createKey,
  createTopup,
  endSession,
  findRequest,
  getStatus,
  revokeKey,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import { at, createCustomer, createTestCustomer, order, payIn } from '../support/customer.ts';
import { finishAt, generate } from '../support/generation.ts';
import { eventsOf, ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

interface Keyed {
  accountId: string;
  request?: { key: string; inputHash: string };
}

/** Every mutation: an account in which it can be done once, and the call. */
const mutations: Record<
  string,
  () => Promise<{ accountId: string; call: (k: Keyed) => Promise<unknown> }>
> = {
  start: async () => ({
    accountId: await rich(),
    call: (keyed) => startSession(db, keyed),
  }),
  toggle: async () => ({
    accountId: await running(),
    call: (keyed) => toggleSession(db, keyed),
  }),
  end: async () => ({ accountId: await running(), call: (keyed) => endSession(db, keyed) }),
  topup: async () => ({
    accountId: await rich(),
    call: (keyed) => createTopup(db, { ...keyed, amountCents: 10_000 }),
  }),
  generate: async () => ({ accountId: await running(), call: (keyed) => generate(db, keyed) }),
  cancelGeneration: async () => {
    const accountId = await running();
    const { generation } = await generate(db, { accountId });
    return { accountId, call: (keyed) => cancelGeneration(db, { ...keyed, id: generation.id }) };
  },
  'keys.create': async () => ({
    accountId: await rich(),
    call: (keyed) =>
      createKey(db, { ...keyed, name: 'CI', prefix: 'hk_test_x', secretHash: randomUUID() }),
  }),
  'keys.revoke': async () => {
    const accountId = await rich();
    const { key } = await createKey(db, {
      accountId,
      name: 'CI',
      prefix: 'hk_test_x',
      secretHash: randomUUID(),
    });
    return { accountId, call: (keyed) => revokeKey(db, { ...keyed, id: key.id }) };
  },
  advanceClock: async () => ({
    accountId: await running(),
    call: (keyed) => advanceClock(db, { ...keyed, advanceSeconds: 4000 }),
  }),
};
const names = Object.keys(mutations);
const prepared = async (name: string) => {
  const prepare = mutations[name];
  if (prepare === undefined) throw new Error(`no mutation ${name}`);
  return prepare();
};
const rich = () => createTestCustomer(db, { balanceCents: 50_000 });
async function running(): Promise<string> {
  const accountId = await rich();
  await startSession(db, { accountId });
  return accountId;
}

/** Everything of an account that a mutation may change. */
async function traces(accountId: string) {
  const { rows } = await db.pool.query(
    `select (select jsonb_agg(to_jsonb(b)) from hourly_account_balance b where id = $1) as account,
       (select jsonb_agg(to_jsonb(s) order by session_no) from hourly_usage_sessions s where account_id = $1) as sessions,
       (select jsonb_agg(to_jsonb(t) order by topup_no) from hourly_topup_transactions t where account_id = $1) as topups,
       (select jsonb_agg(to_jsonb(g) order by generation_no) from hourly_generations g where account_id = $1) as generations,
       (select jsonb_agg(to_jsonb(k) order by key_no) from hourly_api_keys k where account_id = $1) as keys,
       (select jsonb_agg(to_jsonb(r) order by key) from hourly_requests r where account_id = $1) as requests`,
    [accountId],
  );
  return {
    ...rows[0],
    ledger: await ledgerOf(db, accountId),
    events: await eventsOf(db, accountId),
  };
}

const request = { key: 'the key', inputHash: 'the input' };

describe.each(names)('%s', (name) => {
  test('a replay does nothing and answers the resource', async () => {
    const { accountId, call } = await prepared(name);
    const first = await call({ accountId, request });
    const before = await traces(accountId);
    expect(before.requests).toHaveLength(1);
    const replayed = await call({ accountId, request });
    expect(await traces(accountId)).toEqual(before);
    const isWrapped = typeof first === 'object' && first !== null;
    if (isWrapped && 'admitted' in first) {
      expect(replayed).toEqual({ ...first, admitted: false });
    } else if (isWrapped && 'created' in first) {
      expect(replayed).toEqual({ ...first, created: false });
    } else {
      expect(replayed).toEqual(first);
    }
  });

  test('the key with other input, or for another procedure, is refused and does nothing', async () => {
    const { accountId, call } = await prepared(name);
    await call({ accountId, request });
    const before = await traces(accountId);
    const reused = { reason: 'IDEMPOTENCY_KEY_REUSED' };
    const otherInput = { key: request.key, inputHash: 'other input' };
    await expect(call({ accountId, request: otherInput })).rejects.toMatchObject(reused);
    for (const other of names.filter((otherName) => otherName !== name)) {
      const procedure = mutations[other];
      if (procedure === undefined) continue;
      const { call: otherCall } = await procedure();
      await expect(otherCall({ accountId, request })).rejects.toMatchObject(reused);
    }
    expect(await traces(accountId)).toEqual(before);
  });

  test('parallel calls with one key act once', async () => {
    const { accountId, call } = await prepared(name);
    const once = await prepared(name);
    await once.call({ accountId: once.accountId, request });
    await Promise.all(Array.from({ length: 20 }, () => call({ accountId, request })));
    const expected = await traces(once.accountId);
    const found = await traces(accountId);
    for (const kind of ['ledger', 'events', 'requests', 'topups', 'generations', 'keys'] as const) {
      expect(found[kind]?.length).toBe(expected[kind]?.length);
    }
  });

  test('the same key of another account is another key', async () => {
    const one = await prepared(name);
    const two = await prepared(name);
    await one.call({ accountId: one.accountId, request });
    await two.call({
      accountId: two.accountId,
      request: { key: request.key, inputHash: 'other input' },
    });
    expect((await traces(two.accountId)).requests).toHaveLength(1);
  });
});

describe('a replay answers the resource as it is now', () => {
  test('a replayed start may show an ended session', async () => {
    const accountId = await rich();
    const { id } = await startSession(db, { accountId, request });
    await advance(db, accountId, 60);
    await endSession(db, { accountId });
    expect(await startSession(db, { accountId, request })).toMatchObject({ id, status: 'ended' });
    await startSession(db, { accountId });
    expect(await startSession(db, { accountId, request })).toMatchObject({ id, status: 'ended' });
  });

  test('a replay settles first, like every call', async () => {
    const accountId = await createCustomer(db, { balanceCents: 3000, now: at(0) });
    const { id } = await startSession(db, { accountId, request, now: at(0) });
    expect(await startSession(db, { accountId, request, now: at(9999) })).toMatchObject({
      id,
      status: 'ended',
      hoursCharged: 2,
    });
  });

  test('a replayed toggle does not toggle back', async () => {
    const accountId = await running();
    await toggleSession(db, { accountId, request });
    await toggleSession(db, { accountId });
    expect(await toggleSession(db, { accountId, request })).toMatchObject({ status: 'active' });
  });

  test('a replayed top-up is paid by now, a replayed generation finished', async () => {
    const accountId = await createCustomer(db, { balanceCents: 50_000 });
    const { id } = await createTopup(db, { accountId, amountCents: 10_000, request });
    await db.pool.query(`select set_hourly_topup_order($1, $2)`, [id, `order_${id}`]);
    await addBalance(db, {
      paymentId: `pay_${id}`,
      orderId: `order_${id}`,
      amountPaise: 830_000,
      currency: 'INR',
      source: 'webhook',
    });
    expect(await createTopup(db, { accountId, amountCents: 10_000, request })).toMatchObject({
      id,
      status: 'paid',
    });

    await startSession(db, { accountId });
    const generating = { key: 'generation', inputHash: 'a' };
    const { generation } = await generate(db, { accountId, request: generating });
    await finishAt(db, generation.id, null);
    expect(await generate(db, { accountId, request: generating })).toMatchObject({
      admitted: false,
      generation: { id: generation.id, status: 'completed' },
    });
  });

  test('a replayed clock call tells the clock as it is now', async () => {
    const accountId = await rich();
    await advanceClock(db, { accountId, advanceSeconds: 60, request });
    const { now } = await advance(db, accountId, 60);
    expect(await advanceClock(db, { accountId, advanceSeconds: 60, request })).toEqual({ now });
  });
});

describe('the key is looked up before any other check', () => {
  test('a reused key is told although the call would be refused anyhow', async () => {
    const accountId = await createTestCustomer(db, { balanceCents: 1500 });
    await startSession(db, { accountId, request });
    const other = { key: request.key, inputHash: 'other' };
    const reused = { reason: 'IDEMPOTENCY_KEY_REUSED' };
    const calls: (() => Promise<unknown>)[] = [
      () => startSession(db, { accountId, request: other }),
      () => startSession(db, { accountId, plan: 'nothing', request: other }),
      () => createTopup(db, { accountId, amountCents: 1, request: other }),
      () => toggleSession(db, { accountId, sessionId: randomUUID(), request: other }),
      () => endSession(db, { accountId, sessionId: randomUUID(), request: other }),
      () => generate(db, { accountId, sessionId: randomUUID(), request: other }),
      () => cancelGeneration(db, { accountId, id: randomUUID(), request: other }),
      () => revokeKey(db, { accountId, id: randomUUID(), request: other }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(reused);
    // A live account may not advance its clock; its reused key is told all the same.
    const live = await createCustomer(db, { balanceCents: 50_000 });
    await startSession(db, { accountId: live, request });
    await expect(
      advanceClock(db, { accountId: live, advanceSeconds: 1, request: other }),
    ).rejects.toMatchObject(reused);
  });

  test('a replay is answered although the call would be refused by now', async () => {
    const accountId = await createTestCustomer(db, { balanceCents: 1500 });
    const { id } = await startSession(db, { accountId, request });
    expect(await startSession(db, { accountId, request })).toMatchObject({ id });
  });
});

test('refusals are not remembered', async () => {
  const accountId = await createTestCustomer(db);
  await expect(startSession(db, { accountId, request })).rejects.toMatchObject({
    reason: 'INSUFFICIENT_BALANCE',
  });
  await createTopup(db, { accountId, amountCents: 10_000 });
  expect(await startSession(db, { accountId, request })).toMatchObject({ status: 'active' });
});

describe('confirmTopup', () => {
  test('remembers the key of a confirmation, whether it came first or second', async () => {
    for (const webhookFirst of [false, true]) {
      const accountId = await createCustomer(db);
      const { topupId, orderId, amountPaise } = await order(db, accountId);
      const payment = { paymentId: `pay_${topupId}`, orderId, amountPaise, currency: 'INR' };
      if (webhookFirst) await addBalance(db, { ...payment, source: 'webhook' });
      const confirm = (inputHash: string) =>
        addBalance(db, { ...payment, source: 'confirmation', request: { key: 'k', inputHash } });
      expect((await confirm('a')).outcome).toBe(webhookFirst ? 'duplicate' : 'credited');
      expect((await confirm('a')).outcome).toBe('duplicate');
      expect(
        await findRequest(db, {
          accountId,
          procedure: 'confirmTopup',
          request: { key: 'k', inputHash: 'a' },
        }),
      ).toEqual({ resourceId: topupId });
      await expect(confirm('b')).rejects.toMatchObject({ reason: 'IDEMPOTENCY_KEY_REUSED' });
      expect((await getStatus(db, { accountId })).balance.balanceCents).toBe(10_000);
    }
  });

  test('a payment that was kept is not remembered', async () => {
    const accountId = await createCustomer(db);
    const { topupId, orderId } = await order(db, accountId);
    await addBalance(db, {
      paymentId: `pay_${topupId}`,
      orderId,
      amountPaise: 1,
      currency: 'INR',
      source: 'confirmation',
      request,
    });
    expect(await findRequest(db, { accountId, procedure: 'confirmTopup', request })).toEqual({
      resourceId: null,
    });
  });
});

test('20 parallel starts without keys: one session, one charge', async () => {
  const accountId = await createCustomer(db);
  await payIn(db, accountId, 100_000);
  const starts = await Promise.allSettled(
    Array.from({ length: 20 }, () => startSession(db, { accountId })),
  );
  expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const start of starts) {
    if (start.status === 'rejected') expect(start.reason.reason).toBe('SESSION_ALREADY_OPEN');
  }
  expect((await getStatus(db, { accountId })).balance.balanceCents).toBe(98_500);
});
