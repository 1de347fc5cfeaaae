import { randomUUID } from 'node:crypto';
import type { ReceiptDocument } from '@hourly/contract';
import {
  addBalance,
  adjustBalance,
  advanceClock,
  createRefund,
  createTopup,
  endSession,
  ensureAccount,
  recordDispute,
  recordRefund,
  type Seller,
  setSeller,
  setTopupOrder,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSessionReceipt, readTopupReceipt } from '../../src/index.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.drop());

const seller = {
  name: 'Hourly Labs Private Limited',
  address: '12 MG Road\nPune 411001',
  tax: { gstin: '27AAPFU0939F1ZV', basisPoints: 1800, sacCode: '998314', placeOfSupply: '27' },
} satisfies Seller;

async function paidTopup(amountCents = 10_000) {
  const { accountId } = await ensureAccount(db, { userId: 'user_ada', mode: 'live' });
  const topup = await createTopup(db, { accountId, amountCents });
  const orderId = `order_${randomUUID().slice(0, 8)}`;
  const paymentId = `pay_${randomUUID().slice(0, 8)}`;
  await setTopupOrder(db, { topupId: topup.id, orderId });
  await addBalance(db, {
    paymentId,
    orderId,
    amountPaise: topup.amountInrPaise,
    currency: 'INR',
    source: 'webhook',
    now: '2097-11-22T10:00:00Z',
  });
  const read = (customerName: string | null = null) =>
    readTopupReceipt({ db }, { accountId, id: topup.id, customerName });
  return { accountId, topupId: topup.id, orderId, paymentId, read };
}

const factsOf = ({ facts }: ReceiptDocument) =>
  Object.fromEntries(facts.map(({ name, value }) => [name, value]));
const tableOf = ({ tables }: ReceiptDocument, title: string) =>
  tables.find((table) => table.title === title);
const totalsOf = (document: ReceiptDocument, title: string) =>
  tableOf(document, title)?.totals.map(({ name, value }) => `${name}: ${value}`);

describe('the receipt of a top-up', () => {
  test('is a receipt voucher where the seller has GST', async () => {
    await setSeller(db, seller);
    const { read, paymentId, orderId, topupId } = await paidTopup();
    const document = await read('Ada');
    expect(document).toMatchObject({
      title: 'Receipt voucher',
      number: 'RV/97-98/000001',
      mark: null,
      seller: {
        name: 'Hourly Labs Private Limited',
        lines: ['12 MG Road', 'Pune 411001', 'GSTIN 27AAPFU0939F1ZV'],
      },
      customer: { name: 'Ada', lines: ['Customer user_ada'] },
      signatory: 'Hourly Labs Private Limited',
      fileName: 'hourly-receipt-RV-97-98-000001',
    });
    expect(factsOf(document)).toEqual({
      Date: '22 Nov 2097, 15:30:00 IST',
      State: 'Paid',
      Credited: '$100.00 at ₹83.00 a dollar, the rate that this top-up locked',
      Payment: `Razorpay, ${paymentId}, ${orderId}`,
      'Place of supply': 'Maharashtra (27)',
      'Tax on reverse charge': 'No',
      'Top-up': topupId,
    });
    expect(document.tables).toHaveLength(1);
    expect(tableOf(document, 'Payment')?.rows).toEqual([
      [expect.stringContaining('Advance'), '998314', '₹8,300.00'],
    ]);
    expect(totalsOf(document, 'Payment')).toEqual([
      'Taxable value: ₹7,033.90',
      'CGST 9%: ₹633.05',
      'SGST 9%: ₹633.05',
      'Paid: ₹8,300.00 ($100.00)',
    ]);
  });

  test.each([
    ['another state', { placeOfSupply: '29' }, ['IGST 18%: ₹1,26,610.17']],
    [
      'a union territory',
      { gstin: '04AABCU9603R1ZV', placeOfSupply: '04' },
      ['CGST 9%: ₹63,305.08', 'UTGST 9%: ₹63,305.08'],
    ],
    [
      'a half of an odd rate',
      { basisPoints: 25 },
      ['CGST 0.125%: ₹1,034.91', 'SGST 0.125%: ₹1,034.91'],
    ],
  ])('names the taxes of %s', async (_what, tax, lines) => {
    await setSeller(db, { ...seller, tax: { ...seller.tax, ...tax } });
    const { read } = await paidTopup(1_000_000);
    const totals = totalsOf(await read(), 'Payment') ?? [];
    expect(totals.slice(1, -1)).toEqual(lines);
    expect(totals.at(-1)).toBe('Paid: ₹8,30,000.00 ($10,000.00)');
  });

  test('is a plain receipt where nobody is configured, or nobody with GST', async () => {
    const { read } = await paidTopup();
    const unnamed = await read();
    expect(unnamed).toMatchObject({
      title: 'Payment receipt',
      number: 'PR/97-98/000001',
      seller: { name: 'Hourly', lines: [] },
      customer: { name: 'user_ada', lines: [] },
      signatory: null,
      fileName: 'hourly-receipt-PR-97-98-000001',
    });
    expect(totalsOf(unnamed, 'Payment')).toEqual(['Paid: ₹8,300.00 ($100.00)']);
    expect(JSON.stringify(unnamed)).not.toMatch(/GST|SAC|voucher|supply/);
    await setSeller(db, { ...seller, tax: null });
    const named = await (await paidTopup()).read();
    expect(named).toMatchObject({ title: 'Payment receipt', seller: { name: seller.name } });
    expect(named.seller.lines).toEqual(['12 MG Road', 'Pune 411001']);
  });

  test('shows the refunds since as refund vouchers, and what is on its way', async () => {
    await setSeller(db, seller);
    const { read, topupId, paymentId } = await paidTopup(20_000);
    const first = await createRefund(db, { topupId, amountCents: 1000 });
    await recordRefund(db, {
      refundId: first.id,
      providerRefundId: 'rfnd_1',
      paymentId,
      amountPaise: 83_000,
      status: 'processed',
      now: '2097-12-01T10:00:00Z',
    });
    await createRefund(db, { topupId, amountCents: 500, now: '2097-12-02T10:00:00Z' });
    const document = await read();
    expect(factsOf(document).State).toBe('Paid, refunded in part');
    expect(tableOf(document, 'Refunds since')?.rows).toEqual([
      [
        'RF/97-98/000001',
        '1 Dec 2097, 15:30:00 IST',
        '₹703.38',
        'CGST ₹63.31\nSGST ₹63.31',
        '₹830.00 ($10.00)',
      ],
      ['On its way', '2 Dec 2097, 15:30:00 IST', '', '', '₹415.00 ($5.00)'],
    ]);
    expect(totalsOf(document, 'Refunds since')).toEqual([
      'Left of the payment: ₹15,355.00',
      'Refunded: ₹1,245.00 ($15.00)',
    ]);
    expect(document.notes.join(' ')).toContain(
      'of receipt voucher RV/97-98/000001 of 22 Nov 2097, 15:30:00 IST',
    );
  });

  test.each([
    ['open', 'Paid, disputed', 'Open: the bank holds the money'],
    ['lost', 'Paid, lost to a dispute', 'Lost'],
    ['won', 'Paid', 'Won: the money came back'],
  ] as const)('tells of a dispute that is %s', async (status, state, words) => {
    const { read, paymentId } = await paidTopup();
    const dispute = { disputeId: 'disp_1', paymentId, amountPaise: 830_000 };
    await recordDispute(db, { ...dispute, status: 'open' });
    if (status !== 'open') await recordDispute(db, { ...dispute, status });
    const document = await read();
    expect(factsOf(document).State).toBe(state);
    expect(tableOf(document, 'Disputes since')?.rows).toEqual([
      [words, expect.stringContaining('IST'), '₹8,300.00 ($100.00)'],
    ]);
  });

  test('says that a test is none', async () => {
    await setSeller(db, seller);
    const { accountId } = await ensureAccount(db, { userId: 'user_ada', mode: 'test' });
    const { id } = await createTopup(db, { accountId, amountCents: 20_000 });
    await createRefund(db, { topupId: id, amountCents: 1000 });
    const document = await readTopupReceipt({ db }, { accountId, id, customerName: null });
    expect(document).toMatchObject({
      number: null,
      mark: 'TEST – not a receipt',
      signatory: null,
      fileName: `hourly-test-receipt-${id.slice(0, 8)}`,
    });
    expect(factsOf(document).Payment).toBe('None: test mode');
    expect(tableOf(document, 'Refunds since')?.rows[0]?.[0]).toBe('TEST');
  });
});

describe('the receipt of a session', () => {
  const testAccount = async () => {
    const { accountId } = await ensureAccount(db, { userId: 'user_ada', mode: 'test' });
    await createTopup(db, { accountId, amountCents: 10_000 });
    const advance = (advanceSeconds: number) => advanceClock(db, { accountId, advanceSeconds });
    return { accountId, advance };
  };

  test('lists every hour with its instant and cause, and the active time', async () => {
    const { accountId, advance } = await testAccount();
    const { id, startedAt } = await startSession(db, { accountId });
    await advance(3600);
    await toggleSession(db, { accountId, to: 'paused' });
    await advance(600);
    await toggleSession(db, { accountId, to: 'active' });
    await advance(5400);
    await endSession(db, { accountId });
    const document = await readSessionReceipt({ db }, { accountId, id, customerName: 'Ada' });
    expect(document).toMatchObject({ title: 'Usage summary', mark: 'TEST – not a receipt' });
    expect(factsOf(document)).toMatchObject({
      Ended: expect.stringMatching(/IST, by the customer$/),
      'Price of an hour': '$15.00',
      'Active time': '2:30:00 h',
      'Hours charged': '3',
      Session: id,
    });
    const charges = tableOf(document, 'Charges')?.rows ?? [];
    expect(charges.map(([hour, , why, balance, amount]) => [hour, why, balance, amount])).toEqual([
      ['1', 'Start of the session', '$100.00 → $85.00', '$15.00'],
      ['2', 'Resumed with no paid time left', '$85.00 → $70.00', '$15.00'],
      ['3', 'Active time beyond hour 2', '$70.00 → $55.00', '$15.00'],
    ]);
    expect(totalsOf(document, 'Charges')).toEqual(['Total of 3 hours: $45.00']);
    const indian = (at: number) =>
      new Date(Date.parse(startedAt) + at * 1000 + 5.5 * 3_600_000).toISOString().slice(11, 19);
    expect(charges.map(([, due]) => due?.slice(-12, -4))).toEqual([0, 4200, 7800].map(indian));
    expect(tableOf(document, 'Active time')?.rows.map(([, , length]) => length)).toEqual([
      '1:00:00 h',
      '1:30:00 h',
    ]);
    expect(totalsOf(document, 'Active time')).toEqual(['Total: 2:30:00 h']);
  });

  test('says of one that is not over that it is so far', async () => {
    const { accountId } = await paidTopup();
    const { id } = await startSession(db, { accountId });
    const read = () => readSessionReceipt({ db }, { accountId, id, customerName: null });
    const running = await read();
    expect(running).toMatchObject({
      title: 'Usage so far',
      mark: 'So far: this session is not over',
    });
    expect(factsOf(running).Running).toMatch(/^at .* IST$/);
    expect(tableOf(running, 'Active time')?.rows).toEqual([
      [expect.any(String), 'now', expect.any(String)],
    ]);
    await toggleSession(db, { accountId, to: 'paused' });
    const paused = await read();
    expect(paused.mark).not.toBeNull();
    expect(factsOf(paused).Paused).toMatch(/, by the customer$/);
    await endSession(db, { accountId });
    expect(await read()).toMatchObject({ title: 'Usage summary', mark: null });
  });

  test('settles first, like everything that shows a session', async () => {
    const { accountId } = await ensureAccount(db, { userId: 'user_ada', mode: 'live' });
    const now = new Date(Date.now() - 150 * 60_000).toISOString();
    await db.owner.query('update hourly_account_balance set as_of = $1, created_at = $1', [now]);
    await adjustBalance(db, { accountId, type: 'promo', amountCents: 3000, reason: 'Gift', now });
    const { id } = await startSession(db, { accountId, now });
    const read = (of: string) =>
      readSessionReceipt({ db }, { accountId: of, id, customerName: null });
    const document = await read(accountId);
    expect(document.title).toBe('Usage summary');
    expect(factsOf(document)).toMatchObject({
      Ended: expect.stringContaining('because the balance could not pay the next hour'),
      'Hours charged': '2',
      'Active time': '2:00:00 h',
    });
    const stranger = await ensureAccount(db, { userId: 'user_bob', mode: 'live' });
    await expect(read(stranger.accountId)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });
});
