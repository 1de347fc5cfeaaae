import { randomUUID } from 'node:crypto';
import { addBalance, adjustBalance, createRefund, recordDispute, recordRefund } from '@hourly/db';
import { type Action, asked } from './action.ts';
import { minorUnits } from './money.ts';
import { nowOf, orderTopup, paymentOf } from './story.ts';

const payment: Action['run'] = (story, _, request) => {
  const { orderId, paymentId, amountPaise } = paymentOf(story);
  return addBalance(story.db, {
    orderId,
    paymentId,
    amountPaise,
    currency: 'INR',
    source: 'webhook',
    ...(request && { request }),
    ...nowOf(story),
  });
};

/** The provider settles the refund that the operator has asked for. */
const refund =
  (status: 'processed' | 'failed'): Action['run'] =>
  async (story) => {
    if (story.refund === undefined) throw new Error('there is no refund yet');
    const { id, amountPaise } = story.refund;
    return recordRefund(story.db, {
      refundId: id,
      providerRefundId: `rfnd_${id}`,
      paymentId: paymentOf(story).paymentId,
      amountPaise,
      status,
      ...nowOf(story),
    });
  };

/** The dispute that was opened is decided. */
const dispute =
  (status: 'won' | 'lost'): Action['run'] =>
  async (story) => {
    if (story.dispute === undefined) throw new Error('there is no dispute yet');
    const { id: disputeId, amountPaise } = story.dispute;
    const { paymentId } = paymentOf(story);
    const decided = { disputeId, paymentId, amountPaise, status };
    return recordDispute(story.db, { ...decided, ...nowOf(story) });
  };

/** Prices are the owner's to change; they are set back after the example. */
const setPrice =
  (column: 'rate_cents' | 'inr_per_usd', unit: number): Action['run'] =>
  (story, [price = '']) =>
    story.db.owner.query(`update plan_pricing set ${column} = $1 where plan = 'hourly_standard'`, [
      minorUnits(price) / unit,
    ]);

/** What may happen to the money. */
export const moneyActions: Action[] = [
  {
    form: /^top up (\$\S+)$/,
    async run(story, [amount = ''], request) {
      const topup = await orderTopup(story, minorUnits(amount), request);
      if (story.mode === 'live') await payment(story, [], undefined);
      return topup;
    },
  },
  {
    form: /^order a top-up of (\$\S+)$/,
    run: (story, [amount = ''], request) => orderTopup(story, minorUnits(amount), request),
  },
  { form: /^the order is paid$/, run: payment },
  {
    form: /^(adjust by|promo of) ([+-]?\$\S+) "(.+)"$/,
    run(story, [verb, amount = '', reason = ''], request) {
      const type = verb === 'promo of' ? 'promo' : 'adjustment';
      const entry = { type, amountCents: minorUnits(amount), reason } as const;
      return adjustBalance(story.db, { ...asked(story, request), ...entry });
    },
  },
  {
    form: /^refund (\$\S+)$/,
    async run(story, [amount = ''], request) {
      const { topupId } = paymentOf(story);
      const asking = { topupId, amountCents: minorUnits(amount), request };
      const made = await createRefund(story.db, { ...asking, ...nowOf(story) });
      story.refund = made;
      return made;
    },
  },
  { form: /^the refund is paid out$/, run: refund('processed') },
  { form: /^the refund fails$/, run: refund('failed') },
  {
    form: /^([$₹]\S+) is refunded at Razorpay$/,
    run(story, [amount = '']) {
      const { paymentId, inrPerUsd } = paymentOf(story);
      return recordRefund(story.db, {
        providerRefundId: `rfnd_${randomUUID()}`,
        paymentId,
        amountPaise: minorUnits(amount) * (amount.startsWith('₹') ? 1 : inrPerUsd),
        status: 'processed',
        ...nowOf(story),
      });
    },
  },
  {
    form: /^a dispute of (\$\S+) opens$/,
    async run(story, [amount = '']) {
      const { paymentId, inrPerUsd } = paymentOf(story);
      const recorded = await recordDispute(story.db, {
        disputeId: `disp_${paymentId}`,
        paymentId,
        amountPaise: minorUnits(amount) * inrPerUsd,
        status: 'open',
        ...nowOf(story),
      });
      story.dispute = recorded.dispute ?? undefined;
      return recorded;
    },
  },
  { form: /^the dispute is won$/, run: dispute('won') },
  { form: /^the dispute is lost$/, run: dispute('lost') },
  { form: /^an hour becomes (\$\S+)$/, run: setPrice('rate_cents', 1) },
  { form: /^a dollar becomes (₹\S+)$/, run: setPrice('inr_per_usd', 100) },
];
