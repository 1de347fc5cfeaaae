import { timingSafeEqual } from 'node:crypto';
import type { Call, Reply, Route } from '../http.ts';
import { authenticationFailed } from './errors.ts';
import { createOrder, fetchOrder, listOrderPayments, listOrders } from './orders.ts';
import { fetchPayment, listPayments, recapturePayment } from './payments.ts';
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

/** Razorpay's API, as far as taking and giving back payments needs it. */
export function razorpayRoutes(world: RazorpayWorld): Route[] {
  const { tables } = world;
  const guarded =
    (handle: (call: Call) => Promise<Reply> | Reply): Route['handle'] =>
    (call) => {
      authenticate(world, call);
      return handle(call);
    };
  const get = (pattern: string, handle: (call: Call) => Reply): Route => {
    return { method: 'GET', pattern, handle: guarded(handle) };
  };
  const post = (pattern: string, handle: (call: Call) => Promise<Reply> | Reply): Route => {
    return { method: 'POST', pattern, handle: guarded(handle) };
  };
  return [
    post('/v1/orders', (call) => createOrder(tables, call)),
    get('/v1/orders', (call) => listOrders(tables, call)),
    get('/v1/orders/:id', (call) => fetchOrder(tables, call)),
    get('/v1/orders/:id/payments', (call) => listOrderPayments(tables, call)),
    get('/v1/payments', (call) => listPayments(tables, call)),
    get('/v1/payments/:id', (call) => fetchPayment(tables, call)),
    post('/v1/payments/:id/capture', (call) => recapturePayment(tables, call)),
    post('/v1/payments/:id/refund', (call) => createRefund(world, call)),
    get('/v1/payments/:id/refunds', (call) => listPaymentRefunds(world, call)),
    get('/v1/payments/:paymentId/refunds/:id', (call) => fetchRefund(world, call)),
    get('/v1/refunds', (call) => listRefunds(world, call)),
    get('/v1/refunds/:id', (call) => fetchRefund(world, call)),
  ];
}
