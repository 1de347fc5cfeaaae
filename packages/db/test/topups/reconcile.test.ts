import { addBalance, claimTopupsToReconcile, createTopup, recordTopupUnpaid } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, createTestCustomer, order } from '../support/customer.ts';

// Who is to be asked about is everybody's: each test has a database of its own.
let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase('hourly_worker');
});
afterEach(() => dropWithCleanBooks(db));

const claim = async (all = false, leaseSeconds = 60) => {
  const { topups } = await claimTopupsToReconcile(db, { limit: 10, leaseSeconds, all });
  return topups.map(({ id }) => id);
};

async function unpaid() {
  const accountId = await createCustomer(db);
  return { accountId, ...(await order(db, accountId)) };
}

/** As if so much time had passed since it was created and last asked about. */
const age = (topupId: string, interval: string) =>
  db.owner.query(
    `update hourly_topup_transactions set created_at = created_at - $2::interval,
       next_check_at = next_check_at - $2::interval, check_leased_until = check_leased_until - $2::interval
     where id = $1`,
    [topupId, interval],
  );

async function secondsToNextCheck(topupId: string): Promise<number | null> {
  const { rows } = await db.pool.query(
    `select extract(epoch from next_check_at - clock_timestamp())::float as seconds
     from hourly_topup_transactions where id = $1`,
    [topupId],
  );
  return rows[0].seconds;
}

test('the provider is asked two minutes after the top-up, or at once when the operator asks', async () => {
  const { topupId } = await unpaid();
  expect(await claim()).toEqual([]);
  expect(await claim(true)).toEqual([topupId]);
  await age(topupId, '119 seconds');
  expect(await claim()).toEqual([]);
  await age(topupId, '1 second');
  expect(await claim()).toEqual([topupId]);
});

test('a claim is one worker’s until it lapses', async () => {
  const { topupId } = await unpaid();
  await age(topupId, '2 minutes');
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim()));
  expect(claims.flat()).toEqual([topupId]);
  expect(await claim(true)).toEqual([]);
  await age(topupId, '61 seconds');
  expect(await claim()).toEqual([topupId]);
});

test('many are shared out, none twice', async () => {
  const topupIds: string[] = [];
  for (let n = 0; n < 25; n += 1) topupIds.push((await unpaid()).topupId);
  for (const topupId of topupIds) await age(topupId, '5 minutes');
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim()));
  const claimed = claims.flat();
  expect(new Set(claimed).size).toBe(claimed.length);
  claimed.push(...(await claim()), ...(await claim()), ...(await claim()));
  expect(claimed.sort()).toEqual(topupIds.sort());
});

test('it is asked again later and later, at most six hours apart', async () => {
  const { topupId } = await unpaid();
  const expected = [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360];
  for (const minutesLater of expected) {
    expect(await recordTopupUnpaid(db, { topupId })).toMatchObject({ status: 'created' });
    const seconds = await secondsToNextCheck(topupId);
    expect(seconds).toBeGreaterThan(minutesLater * 60 - 5);
    expect(seconds).toBeLessThanOrEqual(minutesLater * 60);
  }
});

test('after three days it expires and is asked about no more', async () => {
  const { topupId } = await unpaid();
  await age(topupId, '2 days 23:59:50');
  expect(await recordTopupUnpaid(db, { topupId })).toMatchObject({ status: 'created' });
  await age(topupId, '10 seconds');
  expect(await recordTopupUnpaid(db, { topupId })).toMatchObject({ status: 'expired' });
  expect(await secondsToNextCheck(topupId)).toBeNull();
  expect(await claim(true)).toEqual([]);
});

test('what is paid is asked about no more, and stays paid', async () => {
  const { topupId, orderId, amountPaise } = await unpaid();
  await age(topupId, '4 days');
  await addBalance(db, {
    paymentId: 'pay_1',
    orderId,
    amountPaise,
    currency: 'INR',
    source: 'reconciliation',
  });
  expect(await claim(true)).toEqual([]);
  expect(await recordTopupUnpaid(db, { topupId })).toMatchObject({ status: 'paid' });
});

test('test mode asks nobody', async () => {
  const accountId = await createTestCustomer(db);
  await createTopup(db, { accountId, amountCents: 10_000 });
  await createTopup(db, { accountId, amountCents: 10_001 });
  expect(await claim(true)).toEqual([]);
});
