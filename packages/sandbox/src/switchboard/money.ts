import { z } from 'zod';
import type { Route } from '../http.ts';
import type { RazorpayControls } from '../razorpay/controls.ts';
import { disputeTurns } from '../razorpay/disputes.ts';
import { disputePhases } from '../razorpay/entities.ts';
import { type FailureName, failures } from '../razorpay/payment-entity.ts';
import { webhookModes } from '../razorpay/webhooks/manner.ts';
import { refundOutcomes } from '../razorpay/world.ts';
import { idOf, lever } from './lever.ts';

const LATE_LONGEST_MS = 30 * 24 * 3600 * 1000;
const SECONDS_LONGEST = 400 * 24 * 3600;

const announcing = {
  webhook: z.enum(webhookModes).optional(),
  lateMs: z.int().min(0).max(LATE_LONGEST_MS).optional(),
};
const announcingOnly = z.strictObject(announcing);
const amount = z.int().min(1).max(1_000_000_000_000);
const currency = z.string().regex(/^[A-Z]{3}$/);
const afterSeconds = z.number().min(0).max(SECONDS_LONGEST);
const captureAfterSeconds = afterSeconds.nullable().optional();
const failure = z.enum(Object.keys(failures) as [FailureName, ...FailureName[]]).optional();

const attempt = {
  method: z.enum(['upi', 'card', 'netbanking']).optional(),
  again: z.boolean().optional(),
  amount: amount.optional(),
  currency: currency.optional(),
};
const order = z.strictObject({
  amount,
  currency: currency.optional(),
  receipt: z.string().optional(),
  notes: z.record(z.string(), z.string()).optional(),
  payment: z.record(z.string(), z.unknown()).optional(),
});
const dashboardRefund = z.strictObject({
  ...announcing,
  amount: amount.optional(),
  receipt: z.string().max(40).optional(),
  notes: z.record(z.string(), z.string()).optional(),
  outcome: z.enum(refundOutcomes).optional(),
  afterSeconds: afterSeconds.optional(),
});
const nextRefunds = z.strictObject({
  outcome: z.enum(refundOutcomes),
  times: z.int().min(0).max(1000).default(1),
  afterSeconds: afterSeconds.default(0),
});
const dispute = z.strictObject({
  ...announcing,
  amount: z.int().min(100).optional(),
  phase: z.enum(disputePhases).optional(),
});

/** What payers, banks and the merchant's colleagues do. */
export function moneyRoutes(razorpay: RazorpayControls): Route[] {
  const attempted = z.strictObject({ ...announcing, ...attempt });
  const authorizing = z.strictObject({ ...announcing, captureAfterSeconds });
  return [
    lever('POST', '/orders', order, (input) => razorpay.createOrder(input)),
    lever('POST', '/orders/:id/pay', attempted, (input, call) => razorpay.pay(idOf(call), input)),
    lever('POST', '/orders/:id/fail', attempted.extend({ failure }), (input, call) =>
      razorpay.fail(idOf(call), input),
    ),
    lever('POST', '/orders/:id/begin', z.strictObject(attempt), (input, call) =>
      razorpay.begin(idOf(call), input),
    ),
    lever(
      'POST',
      '/orders/:id/authorize',
      attempted.extend({ captureAfterSeconds }),
      (input, call) => razorpay.authorize(idOf(call), input),
    ),
    lever(
      'POST',
      '/payments',
      z.strictObject({ ...announcing, amount, currency: currency.optional() }),
      (input) => razorpay.takePayment(input),
    ),
    lever('POST', '/payments/:id/authorize', authorizing, (input, call) =>
      razorpay.authorizePayment(idOf(call), input),
    ),
    lever('POST', '/payments/:id/capture', announcingOnly, (input, call) =>
      razorpay.capturePayment(idOf(call), input),
    ),
    lever('POST', '/payments/:id/fail', announcingOnly.extend({ failure }), (input, call) =>
      razorpay.failPayment(idOf(call), input),
    ),
    lever('POST', '/payments/:id/refund', dashboardRefund, (input, call) =>
      razorpay.refund(idOf(call), input),
    ),
    lever('POST', '/payments/:id/dispute', dispute, (input, call) =>
      razorpay.dispute(idOf(call), input),
    ),
    ...disputeTurns.map((turn) =>
      lever('POST', `/disputes/:id/${turn}`, announcingOnly, (input, call) =>
        razorpay.turnDispute(idOf(call), turn, input),
      ),
    ),
    lever('POST', '/refunds/next', nextRefunds, (input) => {
      razorpay.nextRefunds(input);
      return input;
    }),
    lever('POST', '/refunds/:id/process', announcingOnly, (input, call) =>
      razorpay.settleRefund(idOf(call), 'processed', input),
    ),
    lever('POST', '/refunds/:id/fail', announcingOnly, (input, call) =>
      razorpay.settleRefund(idOf(call), 'failed', input),
    ),
  ];
}
