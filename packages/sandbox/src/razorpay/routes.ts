import { timingSafeEqual } from 'node:crypto';
import type { Call, Reply, Route } from '../http.ts';
import { acceptDispute, fetchDispute, listDisputes } from './disputes.ts';
import { authenticationFailed } from './errors.ts';
import { createOrder, fetchOrder, listOrderPayments, listOrders } from './orders.ts';
import { capturePaymentByApi, fetchPayment, listPayments } from './payments.ts';
import { createRefund, fetchRefund, listPaymentRefunds, listRefunds } from './refunds.ts';
import type { RazorpayWorld } from './world.ts';

/** Basic auth with the key's id and secret, compared in constant time. */
function authenticate(world: RazorpayWorld, call: Call): void {
  const wanted = Buffer.from(
    `Basic ${Buffer.from(`${world.keyId}:${world.keySecret}`).toString('base64')}`,
  );
  const given = Buffer.from(call.request.headers.authorization ?? '');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw authenticationFailed();
  }
}

type Handler = (world: RazorpayWorld, call: Call) => Promise<Reply> | Reply;

const ROUTES: readonly [method: Route['method'], pattern: string, handle: Handler][] = [
  ['POST', '/v1/orders', createOrder],
  ['GET', '/v1/orders', listOrders],
  ['GET', '/v1/orders/:id', fetchOrder],
  ['GET', '/v1/orders/:id/payments', listOrderPayments],
  ['GET', '/v1/payments', listPayments],
  ['GET', '/v1/payments/:id', fetchPayment],
  ['POST', '/v1/payments/:id/capture', capturePaymentByApi],
  ['POST', '/v1/payments/:id/refund', createRefund],
  ['GET', '/v1/payments/:id/refunds', listPaymentRefunds],
  ['GET', '/v1/payments/:paymentId/refunds/:id', fetchRefund],
  ['GET', '/v1/refunds', listRefunds],
  ['GET', '/v1/refunds/:id', fetchRefund],
  ['GET', '/v1/disputes', listDisputes],
  ['GET', '/v1/disputes/:id', fetchDispute],
  ['POST', '/v1/disputes/:id/accept', acceptDispute],
];

/** Razorpay's API, as far as taking and giving back payments needs it. */
export function razorpayRoutes(world: RazorpayWorld): Route[] {
  return ROUTES.map(([method, pattern, handle]) => ({
    method,
    pattern,
    handle: (call) => {
      authenticate(world, call);
      return handle(world, call);
    },
  }));
}
