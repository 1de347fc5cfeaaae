import {
  createRefund,
  getBalance,
  getStatus,
  recordDispute,
  startSession,
  toggleSession,
} from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, payIn } from '../support/customer.ts';
import { generate } from '../support/generation.ts';
import { eventTypes, ledgerOf } from '../support/history.ts';
import { paidTopup } from '../support/paid-topup.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

type DisputeStatus = Parameters<typeof recordDispute>[1]['status'];

async function disputed(amountCents = 10_000) {
  const accountId = await createCustomer(db);
  const topup = await paidTopup(db, accountId, { amountCents });
  const dispute = {
    disputeId: `disp_${topup.topupId}`,
    paymentId: topup.paymentId,
    amountPaise: topup.amountPaise,
  };
  const tell = async (status: DisputeStatus, amountPaise = dispute.amountPaise) =>
    (await recordDispute(db, { ...dispute, status, amountPaise })).outcome;
  const amounts = async () => (await ledgerOf(db, accountId)).map((row) => row.amountCents);
  return { accountId, ...topup, tell, amounts };
}

describe('a dispute', () => {
  test.each<[string, DisputeStatus[], number[]]>([
    ['opened', ['open'], [10_000, -10_000]],
    ['opened, said twice', ['open', 'open'], [10_000, -10_000]],
    ['lost', ['open', 'lost', 'lost'], [10_000, -10_000]],
    ['won', ['open', 'won', 'won'], [10_000, -10_000, 10_000]],
    ['closed without a decision', ['open', 'closed'], [10_000, -10_000, 10_000]],
    ['lost, heard of first', ['lost', 'open'], [10_000, -10_000]],
    ['won, heard of first', ['won', 'open'], [10_000]],
    ['won after all', ['open', 'lost', 'won'], [10_000, -10_000, 10_000]],
  ])('%s', async (_, reports, expected) => {
    const { tell, amounts, accountId } = await disputed();
    for (const status of reports) await tell(status);
    expect(await amounts()).toEqual(expected);
    const balanceCents = expected.reduce((sum, cents) => sum + cents, 0);
    expect(await getBalance(db, { accountId })).toMatchObject({ balanceCents });
  });

  test('says what was news', async () => {
    const { tell } = await disputed();
    expect(await tell('open')).toBe('recorded');
    expect(await tell('open')).toBe('duplicate');
    expect(await tell('won')).toBe('recorded');
    expect(await tell('lost')).toBe('duplicate');
  });

  test('over a part takes that part', async () => {
    const { tell, amounts } = await disputed();
    await tell('open', 41_500);
    expect(await amounts()).toEqual([10_000, -500]);
  });

  test('of a payment nobody knows is unmatched', async () => {
    expect(
      await recordDispute(db, {
        disputeId: 'disp_x',
        paymentId: 'pay_x',
        amountPaise: 1,
        status: 'open',
      }),
    ).toEqual({ outcome: 'unmatched', dispute: null });
  });

  test('leaves nothing of its top-up to refund', async () => {
    const { tell, accountId, topupId } = await disputed(30_000);
    await payIn(db, accountId, 50_000);
    await tell('open', 20_000 * 83);
    await expect(createRefund(db, { topupId, amountCents: 10_001 })).rejects.toMatchObject({
      data: { maximumCents: 10_000 },
    });
    await createRefund(db, { topupId, amountCents: 10_000 });
  });
});

describe('an account below zero', () => {
  test('pauses its session, refuses to go on, and does so again after a top-up', async () => {
    const { tell, accountId } = await disputed();
    await startSession(db, { accountId });
    await tell('open');
    expect(await getStatus(db, { accountId })).toMatchObject({
      session: { status: 'paused', pauseReason: 'frozen' },
      balance: { balanceCents: -1500, frozen: true },
    });
    const frozen = { reason: 'ACCOUNT_FROZEN', data: { balanceCents: -1500 } };
    await expect(toggleSession(db, { accountId, to: 'active' })).rejects.toMatchObject(frozen);
    await expect(generate(db, { accountId })).rejects.toMatchObject(frozen);
    await expect(startSession(db, { accountId })).rejects.toMatchObject(frozen);

    await payIn(db, accountId, 10_000);
    expect(await toggleSession(db, { accountId, to: 'active' })).toMatchObject({
      status: 'active',
      hoursCharged: 1,
    });
    expect(await eventTypes(db, accountId)).toContain('account.frozen');
  });

  test('is told once, however far it sinks', async () => {
    const { tell, accountId } = await disputed();
    const second = await paidTopup(db, accountId);
    await startSession(db, { accountId });
    await tell('open');
    await recordDispute(db, {
      disputeId: 'disp_second',
      paymentId: second.paymentId,
      amountPaise: second.amountPaise,
      status: 'open',
    });
    await tell('won');
    const types = await eventTypes(db, accountId);
    expect(types.filter((type) => type === 'account.frozen')).toHaveLength(1);
    expect(await getBalance(db, { accountId })).toMatchObject({
      balanceCents: 8500,
      frozen: false,
    });
  });

  test('keeps a pause that was there before', async () => {
    const { tell, accountId } = await disputed();
    await startSession(db, { accountId });
    await toggleSession(db, { accountId, to: 'paused' });
    await tell('open');
    expect(await getStatus(db, { accountId })).toMatchObject({ session: { pauseReason: 'user' } });
  });

  test('exactly zero is not frozen', async () => {
    const { tell, accountId } = await disputed();
    await tell('open');
    expect(await getBalance(db, { accountId })).toMatchObject({ balanceCents: 0, frozen: false });
    expect(await eventTypes(db, accountId)).not.toContain('account.frozen');
  });
});
