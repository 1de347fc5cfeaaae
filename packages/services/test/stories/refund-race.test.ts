import { createRefund, getRefund } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareBooks, type ServiceContext, sendRefund } from '../../src/index.ts';
import { payingCustomer, type StandIns, startStandIns } from '../support/stand-ins.ts';

let db: TestDatabase;
let standIns: StandIns;
beforeAll(async () => {
  db = await createTestDatabase('hourly_worker');
  standIns = await startStandIns(db);
});
afterAll(async () => {
  await standIns?.sandbox.stop();
  await db?.drop();
});

type Payments = ServiceContext['payments'];

const withPayments = (change: (real: Payments) => Partial<Payments>): ServiceContext => {
  const { ctx } = standIns;
  return { ...ctx, payments: { ...ctx.payments, ...change(ctx.payments) } };
};

/** Something that others wait for. */
function createEvent() {
  let happens = () => {};
  const hasHappened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happens: () => happens(), hasHappened };
}

/** The operator's command and the job send every refund at the same moment. */
it('a refund that is refused to one sender and granted to the other is debited', async () => {
  const { topupId, payment, balance } = await payingCustomer(standIns, { amountCents: 20_000 });
  const { id: refundId } = await createRefund(db, { topupId, amountCents: 5000 });
  const refused = createEvent();
  const granted = createEvent();
  const givenUp = createEvent();

  standIns.sandbox.razorpay.nextRefunds({ outcome: 'refused' });
  const loser = withPayments((real) => ({
    async listPaymentRefunds(paymentId) {
      const none = await real.listPaymentRefunds(paymentId);
      refused.happens();
      await granted.hasHappened;
      return none;
    },
  }));
  const winner = withPayments((real) => ({
    async createRefund(input) {
      await refused.hasHappened;
      const made = await real.createRefund(input);
      granted.happens();
      await givenUp.hasHappened;
      return made;
    },
  }));
  const losing = sendRefund(loser, { refundId }).finally(() => givenUp.happens());
  await Promise.all([losing, sendRefund(winner, { refundId })]);

  expect(await standIns.ctx.payments.listPaymentRefunds(payment.paymentId)).toMatchObject([
    { refundId, amountPaise: 415_000, status: 'processed' },
  ]);
  expect(await balance()).toBe(15_000);
  expect(await getRefund(db, { refundId })).toMatchObject({ status: 'failed' });
  const window = { from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) };
  expect((await compareBooks(standIns.ctx, window)).differences).toEqual([]);
  expect(await balance()).toBe(15_000);
});
