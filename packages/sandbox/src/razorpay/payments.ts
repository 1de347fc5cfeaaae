import type { Call, Reply } from '../http.ts';
import { collection, type Payment } from './entities.ts';
import { unknownId } from './errors.ts';
import {
  pageOf,
  parseAmount,
  parseCurrency,
  parseId,
  parsePage,
  readObject,
  refuseUnknown,
} from './input.ts';
import { capturePayment } from './payment-acts.ts';
import type { RazorpayWorld } from './world.ts';

/** The payment, or a refusal in Razorpay's words. */
export function findPayment(world: RazorpayWorld, id: string | undefined): Payment {
  const payment = world.tables.payments.get(parseId(id, 'pay'));
  if (!payment) throw unknownId();
  return payment;
}

/** GET /v1/payments, newest first. */
export function listPayments(world: RazorpayWorld, call: Call): Reply {
  const page = parsePage(call.query);
  return { status: 200, body: collection(pageOf(world.tables.payments.newestFirst(), page)) };
}

/** GET /v1/payments/:id */
export function fetchPayment(world: RazorpayWorld, call: Call): Reply {
  return { status: 200, body: findPayment(world, call.params.id) };
}

/** POST /v1/payments/:id/capture: the whole of an authorised payment. */
export async function capturePaymentByApi(world: RazorpayWorld, call: Call): Promise<Reply> {
  const body = await readObject(call.request);
  refuseUnknown(body, ['amount', 'currency']);
  const amount = parseAmount(body.amount);
  const currency = parseCurrency(body.currency);
  const payment = findPayment(world, call.params.id);
  return { status: 200, body: capturePayment(world, payment, { amount, currency }) };
}
