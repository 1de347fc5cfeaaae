import {
  addBalance,
  createTopup,
  endSession,
  getBalance,
  getSession,
  getStatus,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import {
  at,
  createCustomer,
  createTestCustomer,
  hours,
  order,
  shown,
} from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { ledgerOf } from '../support/history.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

/** A session that started at 0 s on this balance. */
async function run(balanceCents: number) {
  const accountId = await createCustomer(db, { balanceCents, now: at(0) });
  const { id } = await startSession(db, { accountId, now: at(0) });
  return { accountId, id };
}

describe('an hour is charged a microsecond after the one before it', () => {
  test.each([1, 2, 3, 25])('after %i hours', async (n) => {
    const { accountId, id } = await run(100_000);
    for (const micros of [-1, 0]) {
      expect(await getSession(db, { accountId, id, now: at(hours(n), micros) })).toMatchObject({
        status: 'active',
        hoursCharged: n,
        costCents: n * 1500,
        paidThrough: shown(hours(n)),
        activeSeconds: n * 3600 + micros / 1e6,
      });
    }
    expect(await getSession(db, { accountId, id, now: at(hours(n), 1) })).toMatchObject({
      status: 'active',
      hoursCharged: n + 1,
      paidThrough: shown(hours(n + 1)),
      activeSeconds: n * 3600 + 1e-6,
    });
    expect((await ledgerOf(db, accountId)).at(-1)).toMatchObject({
      hour: n + 1,
      trigger: 'call',
      effectiveAt: at(hours(n)),
    });
  });
});

describe('insolvency', () => {
  test.each([
    { balanceCents: 1500, paidHours: 1, leftCents: 0 },
    { balanceCents: 2999, paidHours: 1, leftCents: 1499 },
    { balanceCents: 3000, paidHours: 2, leftCents: 0 },
    { balanceCents: 45_000, paidHours: 30, leftCents: 0 },
  ])(
    '$balanceCents cents run for $paidHours hours',
    async ({ balanceCents, paidHours, leftCents }) => {
      const { accountId, id } = await run(balanceCents);
      const end = hours(paidHours);
      for (const micros of [-1, 0]) {
        const { session } = await getStatus(db, { accountId, now: at(end, micros) });
        expect(session).toMatchObject({ status: 'active', hoursCharged: paidHours });
      }
      // At exactly paid-through the session is active, paid, and may generate.
      expect(await generate(db, { accountId, now: at(end) })).toMatchObject({ admitted: true });
      const ended = {
        status: 'ended',
        endReason: 'insufficient_balance',
        endedAt: shown(end),
        paidThrough: null,
        activeSeconds: end,
        hoursCharged: paidHours,
        generationCount: 1,
      };
      expect(await getSession(db, { accountId, id, now: at(end, 1) })).toMatchObject(ended);
      expect((await getBalance(db, { accountId })).balanceCents).toBe(leftCents);
    },
  );

  test.each([0.000001, 1, 3600, hours(24), hours(24 * 100)])(
    'ends at paid-through, noticed %d seconds later',
    async (late) => {
      const { accountId, id } = await run(4500);
      const now = at(hours(3) + Math.floor(late), late < 1 ? 1 : 0);
      expect(await getSession(db, { accountId, id, now })).toMatchObject({
        status: 'ended',
        endedAt: shown(hours(3)),
        activeSeconds: hours(3),
        costCents: 4500,
      });
    },
  );

  test.each([1, 2, 30])(
    'looked at for the first time at exactly paid-through of hour %i, it is active',
    async (n) => {
      const { accountId, id } = await run(n * 1500);
      expect(await getSession(db, { accountId, id, now: at(hours(n)) })).toMatchObject({
        status: 'active',
        hoursCharged: n,
        activeSeconds: hours(n),
        paidThrough: shown(hours(n)),
      });
    },
  );

  test('a late top-up never revives a session that had run out', async () => {
    const { accountId, id } = await run(1500);
    const { orderId, amountPaise } = await orderAt(accountId, at(60));
    await addBalance(db, {
      paymentId: 'pay_late',
      orderId,
      amountPaise,
      currency: 'INR',
      source: 'webhook',
    });
    const { session, balance } = await getStatus(db, { accountId });
    expect(session).toBeNull();
    expect(balance.balanceCents).toBe(10_000);
    expect(await getSession(db, { accountId, id })).toMatchObject({
      endReason: 'insufficient_balance',
      endedAt: shown(hours(1)),
      costCents: 1500,
    });
  });

  /** A top-up of the past: creating it now would settle the session first. */
  async function orderAt(accountId: string, now: string) {
    const { rows } = await db.pool.query<{ id: string; paise: number }>(
      `select t ->> 'id' as id, (t ->> 'amountInrPaise')::int as paise
       from create_hourly_topup($1, 10000, null, null, $2) t`,
      [accountId, now],
    );
    const orderId = `order_${rows[0]?.id}`;
    await db.pool.query('select set_hourly_topup_order($1, $2)', [rows[0]?.id, orderId]);
    return { orderId, amountPaise: rows[0]?.paise ?? 0 };
  }

  test.each([
    { when: '1 µs before paid-through', micros: -1, hoursCharged: 2, balanceCents: 8500 },
    { when: 'at exactly paid-through', micros: 0, hoursCharged: 2, balanceCents: 8500 },
    { when: '1 µs after paid-through', micros: 1, hoursCharged: 1, balanceCents: 10_000 },
  ])('a top-up $when', async ({ micros, hoursCharged, balanceCents }) => {
    const accountId = await createTestCustomer(db, { balanceCents: 1500 });
    const { id } = await startSession(db, { accountId });
    await advance(db, accountId, 3600 + micros / 1e6);
    await createTopup(db, { accountId, amountCents: 10_000 });
    await advance(db, accountId, 60);
    expect(await getSession(db, { accountId, id })).toMatchObject({ hoursCharged });
    expect((await getBalance(db, { accountId })).balanceCents).toBe(balanceCents);
  });

  test('the end of a session at exactly paid-through is its customer’s', async () => {
    const { accountId } = await run(1500);
    expect(await endSession(db, { accountId, now: at(hours(1)) })).toMatchObject({
      endReason: 'user',
      endedAt: shown(hours(1)),
      costCents: 1500,
    });
  });
});

test('an order that is made late settles first, too', async () => {
  const { accountId, id } = await run(1500);
  await order(db, accountId);
  expect(await getSession(db, { accountId, id })).toMatchObject({
    endReason: 'insufficient_balance',
    endedAt: shown(hours(1)),
  });
});
