import { randomUUID } from 'node:crypto';
import {
  addBalance,
  createRefund,
  createTopup,
  failRefund,
  getEntryPaise,
  getSessionReceipt,
  getTopupReceipt,
  listTransactions,
  recordDispute,
  recordRefund,
  type Seller,
  setSeller,
  setTopupOrder,
  startSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, createTestCustomer } from '../support/customer.ts';
import { paidTopup } from '../support/paid-topup.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => dropWithCleanBooks(db));

const seller = {
  name: 'Hourly Labs Private Limited',
  address: '12 MG Road\nPune 411001',
  tax: {
    gstin: '27AAPFU0939F1ZV',
    basisPoints: 1800,
    sacCode: '998314',
    placeOfSupply: '27',
  },
} satisfies Seller;
const plainSeller: Seller = { ...seller, tax: null };
const outOfState: Seller = { ...seller, tax: { ...seller.tax, placeOfSupply: '29' } };

const paid = async (options: { amountCents?: number; now?: string } = {}) => {
  const accountId = await createCustomer(db);
  const topup = await paidTopup(db, accountId, options);
  const receipt = () => getTopupReceipt(db, { accountId, id: topup.topupId });
  return { ...topup, accountId, receipt };
};
const settled = (refund: { refundId: string; paymentId: string; amountPaise: number }) =>
  recordRefund(db, {
    ...refund,
    providerRefundId: `rfnd_${randomUUID()}`,
    status: 'processed',
  });

const numbers = async (kind: string): Promise<string[]> => {
  const { rows } = await db.pool.query<{ number: string }>(
    'select number from hourly_receipts where kind = $1 order by financial_year, serial',
    [kind],
  );
  return rows.map(({ number }) => number);
};

describe('the number of a receipt', () => {
  test('is given with the payment, once, whoever reports it how often', async () => {
    const { topupId, paymentId, receipt } = await paid({ now: '2097-11-22T10:00:00Z' });
    const { orderId, ...first } = await receipt();
    expect(first).toMatchObject({
      number: 'PR/97-98/000001',
      issuedAt: '2097-11-22T10:00:00.000Z',
      seller: null,
      tax: null,
      topupId,
      paymentId,
      status: 'paid',
      amountCents: 10_000,
      amountInrPaise: 830_000,
      inrPerUsd: 83,
    });
    await addBalance(db, {
      paymentId,
      orderId,
      amountPaise: 830_000,
      currency: 'INR',
      source: 'reconciliation',
    });
    expect(await numbers('PR')).toEqual(['PR/97-98/000001']);
  });

  test.each([
    ['2097-03-31T18:29:59.999Z', 'PR/96-97/000001'],
    ['2097-03-31T18:30:00.000Z', 'PR/97-98/000001'],
    ['2097-12-31T23:59:59.999Z', 'PR/97-98/000001'],
    ['2099-04-01T00:00:00.000Z', 'PR/99-00/000001'],
  ])('of a payment at %s is %s: the year begins on 1 April in India', async (now, number) => {
    expect(await (await paid({ now })).receipt()).toMatchObject({ number });
  });

  test('has no gaps and no doubles, whatever happens at once', async () => {
    const accounts = await Promise.all(Array.from({ length: 12 }, () => createCustomer(db)));
    // Every fourth credit is rolled back after it was numbered.
    const credit = async (accountId: string, index: number) => {
      const topup = await createTopup(db, { accountId, amountCents: 10_000 });
      const orderId = `order_${randomUUID()}`;
      await setTopupOrder(db, { topupId: topup.id, orderId });
      const client = await db.pool.connect();
      try {
        await client.query('begin');
        await client.query("select add_hourly_balance($1, $2, 830000, 'INR', 'webhook')", [
          `pay_${randomUUID()}`,
          orderId,
        ]);
        await client.query(index % 4 === 0 ? 'rollback' : 'commit');
      } finally {
        client.release();
      }
    };
    await Promise.all(accounts.map(credit));
    const given = await numbers('PR');
    expect(given.map((number) => Number(number.slice(-6)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('is never changed or removed, not even by the owner', async () => {
    await paid();
    for (const pool of [db.pool, db.owner]) {
      await expect(pool.query("update hourly_receipts set number = 'X'")).rejects.toThrow();
      await expect(pool.query('delete from hourly_receipts')).rejects.toThrow();
      await expect(pool.query('delete from hourly_sellers')).rejects.toThrow();
    }
    expect(await numbers('PR')).toHaveLength(1);
  });

  test('does not exist for what was not paid, nor for somebody else', async () => {
    const accountId = await createCustomer(db);
    const { id } = await createTopup(db, { accountId, amountCents: 10_000 });
    const unpaid = getTopupReceipt(db, { accountId, id });
    await expect(unpaid).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    const { topupId } = await paid();
    for (const other of [topupId, randomUUID(), 'x']) {
      const asked = async () => getTopupReceipt(db, { accountId, id: other });
      await expect(asked()).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    }
  });
});

describe('the seller', () => {
  test('of a receipt is the one of its payment, whatever is configured later', async () => {
    const before = await paid();
    await setSeller(db, plainSeller);
    const plain = await paid();
    await setSeller(db, seller);
    const taxed = await paid();
    await setSeller(db, { ...seller, address: 'Elsewhere' });
    await setSeller(db, null);
    const after = await paid();
    const seen = await Promise.all([before, plain, taxed, after].map(({ receipt }) => receipt()));
    expect(seen.map(({ seller: of }) => of)).toEqual([null, plainSeller, seller, null]);
    expect(seen.map(({ number }) => number?.replace(/\d\d-\d\d/, ''))).toEqual([
      'PR//000001',
      'PR//000002',
      'RV//000001',
      'PR//000003',
    ]);
  });

  test('is stored once for each change', async () => {
    const count = async () => {
      const { rows } = await db.pool.query('select count(*)::int as n from hourly_sellers');
      return rows[0]?.n;
    };
    await setSeller(db, null);
    expect(await count()).toBe(0);
    for (const one of [seller, seller, plainSeller, plainSeller, null, null, seller]) {
      await setSeller(db, one);
    }
    expect(await count()).toBe(4);
  });

  test.each([
    ['a tax in part', { ...seller, tax: { ...seller.tax, sacCode: null as never } }],
    ['a name alone', { ...plainSeller, address: null as never }],
    ['a rate of nothing', { ...seller, tax: { ...seller.tax, basisPoints: 0 } }],
  ])('with %s is refused by the database', async (_what, wrong) => {
    await expect(setSeller(db, wrong)).rejects.toThrow();
  });

  test('has a series for each registration', async () => {
    for (const gstin of ['27AAPFU0939F1ZV', '29AAGCB7383J1Z4']) {
      await setSeller(db, { ...seller, tax: { ...seller.tax, gstin } });
      expect(await (await paid()).receipt()).toMatchObject({
        number: expect.stringMatching(/^RV\/\d\d-\d\d\/000001$/),
      });
    }
  });
});

describe('the tax', () => {
  test('is included: central and state tax in the same state, integrated tax elsewhere', async () => {
    await setSeller(db, seller);
    expect(await (await paid()).receipt()).toMatchObject({
      tax: { taxablePaise: 703_390, cgstPaise: 63_305, sgstPaise: 63_305, igstPaise: 0 },
    });
    await setSeller(db, outOfState);
    expect(await (await paid()).receipt()).toMatchObject({
      tax: { taxablePaise: 703_390, cgstPaise: 0, sgstPaise: 0, igstPaise: 126_610 },
    });
  });

  test('adds up to the amount, for every amount and rate', async () => {
    const { rows } = await db.pool.query(
      `select count(*)::int as wrong from generate_series(1, 3000, 7) paise
       cross join unnest(array[1, 25, 300, 500, 1200, 1800, 2800, 10000]) rate
       cross join unnest(array['27', '29']) place
       cross join lateral hourly_included_tax(
         row(1, 'n', 'a', '27AAPFU0939F1ZV', rate, '998314', place, now())::hourly_sellers, paise) tax
       where taxable + cgst + sgst + igst <> paise or cgst <> sgst or least(taxable, cgst, igst) < 0
         or abs(taxable - paise * 10000.0 / (10000 + rate)) > 1`,
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  });

  test('of the refunds of a whole payment is exactly its tax', async () => {
    await setSeller(db, seller);
    const { topupId, paymentId, receipt } = await paid({ amountCents: 10_007 });
    const amountPaise = 10_007 * 83;
    let left = amountPaise;
    for (const part of [33_333, 1, 250_001, 99_999, 2]) {
      await recordRefund(db, {
        providerRefundId: `rfnd_${randomUUID()}`,
        paymentId,
        amountPaise: part,
        status: 'processed',
      });
      left -= part;
    }
    await recordRefund(db, {
      providerRefundId: `rfnd_${randomUUID()}`,
      paymentId,
      amountPaise: left,
      status: 'processed',
    });
    const { tax, refunds } = await receipt();
    const sum = (of: 'taxablePaise' | 'cgstPaise' | 'sgstPaise' | 'igstPaise') =>
      refunds.reduce((total, refund) => total + (refund.tax?.[of] ?? Number.NaN), 0);
    expect(tax).toEqual({
      taxablePaise: sum('taxablePaise'),
      cgstPaise: sum('cgstPaise'),
      sgstPaise: sum('sgstPaise'),
      igstPaise: sum('igstPaise'),
    });
    expect(await numbers('RF')).toHaveLength(6);
    expect(await receipt()).toMatchObject({ status: 'refunded', refundedCents: 10_007, topupId });
  });
});

describe('a refund', () => {
  test('gets its number when it is paid out, under the seller of its payment', async () => {
    await setSeller(db, seller);
    const { topupId, paymentId, receipt } = await paid();
    const refund = await createRefund(db, { topupId, amountCents: 1000 });
    expect(await receipt()).toMatchObject({
      refunds: [{ status: 'pending', amountPaise: 83_000, number: null, tax: null }],
    });
    await setSeller(db, outOfState);
    await settled({ refundId: refund.id, paymentId, amountPaise: 83_000 });
    expect(await receipt()).toMatchObject({
      refunds: [
        {
          status: 'processed',
          amountCents: 1000,
          number: expect.stringMatching(/^RF\/\d\d-\d\d\/000001$/),
          tax: { taxablePaise: 70_338, cgstPaise: 6331, sgstPaise: 6331, igstPaise: 0 },
        },
      ],
    });
  });

  test('that failed is not shown and uses no number up', async () => {
    const { topupId, paymentId, receipt } = await paid();
    const failed = await createRefund(db, { topupId, amountCents: 400 });
    await failRefund(db, { refundId: failed.id });
    expect(await receipt()).toMatchObject({ refunds: [] });
    const refund = await createRefund(db, { topupId, amountCents: 500 });
    await settled({ refundId: refund.id, paymentId, amountPaise: 41_500 });
    expect((await receipt()).refunds).toHaveLength(1);
    expect(await numbers('PF')).toEqual([expect.stringMatching(/000001$/)]);
  });

  test('that was paid out before its payment was known gets its number with it', async () => {
    const accountId = await createCustomer(db);
    const topup = await createTopup(db, { accountId, amountCents: 10_000 });
    const orderId = `order_${randomUUID()}`;
    const paymentId = `pay_${randomUUID()}`;
    const payment = {
      paymentId,
      amountPaise: 830_000,
      currency: 'INR',
      source: 'webhook',
    } as const;
    // Reported without its order, then with it.
    await addBalance(db, { ...payment, orderId: null });
    await recordRefund(db, {
      providerRefundId: `rfnd_${randomUUID()}`,
      paymentId,
      amountPaise: 83_000,
      status: 'processed',
    });
    expect(await numbers('PF')).toEqual([]);
    await setTopupOrder(db, { topupId: topup.id, orderId });
    expect(await addBalance(db, { ...payment, orderId })).toMatchObject({ outcome: 'credited' });
    const receipt = await getTopupReceipt(db, { accountId, id: topup.id });
    expect(receipt).toMatchObject({
      number: expect.stringMatching(/^PR/),
      refunds: [{ number: expect.stringMatching(/^PF/), amountPaise: 83_000 }],
    });
  });
});

test('in test mode there are no numbers, and the tax is that of today', async () => {
  await setSeller(db, outOfState);
  const accountId = await createTestCustomer(db, { balanceCents: 10_000 });
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from hourly_topup_transactions where account_id = $1',
    [accountId],
  );
  const id = rows[0]?.id ?? '';
  await createRefund(db, { topupId: id, amountCents: 1000 });
  expect(await getTopupReceipt(db, { accountId, id })).toMatchObject({
    mode: 'test',
    number: null,
    seller: outOfState,
    paymentId: null,
    tax: { igstPaise: 126_610 },
    refunds: [{ number: null, tax: { taxablePaise: 70_339, igstPaise: 12_661 } }],
  });
  expect([...(await numbers('RV')), ...(await numbers('RF'))]).toEqual([]);
});

test('a dispute is shown with how it ended', async () => {
  const { paymentId, receipt } = await paid();
  const dispute = { disputeId: `disp_${randomUUID()}`, paymentId, amountPaise: 830_000 };
  await recordDispute(db, { ...dispute, status: 'open' });
  expect(await receipt()).toMatchObject({ disputes: [{ status: 'open', amountCents: 10_000 }] });
  await recordDispute(db, { ...dispute, status: 'won' });
  expect(await receipt()).toMatchObject({ disputes: [{ status: 'won' }] });
});

test('a session is shown with whose it is and who sells today', async () => {
  await setSeller(db, plainSeller);
  const { accountId } = await paid();
  const { id } = await startSession(db, { accountId });
  const receipt = await getSessionReceipt(db, { accountId, id });
  expect(receipt).toMatchObject({
    mode: 'live',
    userId: expect.any(String),
    seller: plainSeller,
    session: { id, status: 'active', costCents: 1500, charges: [{ hour: 1, amountCents: 1500 }] },
  });
  const stranger = await createCustomer(db);
  const asked = getSessionReceipt(db, { accountId: stranger, id });
  await expect(asked).rejects.toMatchObject({ reason: 'NOT_FOUND' });
});

test('the rupees of entries are those that moved', async () => {
  const { accountId, topupId, paymentId } = await paid();
  await startSession(db, { accountId });
  const refund = await createRefund(db, { topupId, amountCents: 900 });
  await failRefund(db, { refundId: refund.id });
  await recordDispute(db, {
    disputeId: `disp_${randomUUID()}`,
    paymentId,
    amountPaise: 83_000,
    status: 'open',
  });
  const { items } = await listTransactions(db, { accountId });
  const paise = await getEntryPaise(db, { accountId, firstNo: 1, lastNo: 5 });
  expect(items.map(({ entryNo, type }) => [type, paise[entryNo] ?? null])).toEqual([
    ['dispute', -83_000],
    ['refund', 74_700],
    ['refund', -74_700],
    ['hour', null],
    ['topup', 830_000],
  ]);
  expect(await getEntryPaise(db, { accountId, firstNo: 2, lastNo: 3 })).toEqual({ 3: -74_700 });
});
