import type { Call, Reply } from '../http.ts';
import { razorpayId } from '../ids.ts';
import { collection, nowSeconds, type Order, type RazorpayTables } from './entities.ts';
import { badRequest, unknownId } from './errors.ts';
import {
  pageOf,
  parseAmount,
  parseNotes,
  parsePage,
  parseReceipt,
  readObject,
  refuseUnknown,
} from './input.ts';

const MINIMUM_PAISE = 100;
const MAXIMUM_PAISE = 50_000_000_00;
const KNOWN_FIELDS = [
  'amount',
  'currency',
  'receipt',
  'notes',
  'partial_payment',
  'first_payment_min_amount',
  'payment_capture',
  'payment',
] as const;

/** POST /v1/orders. Every order captures its payments by itself. */
export async function createOrder(tables: RazorpayTables, call: Call): Promise<Reply> {
  const body = await readObject(call.request);
  refuseUnknown(body, KNOWN_FIELDS);
  const amount = parseAmount(body.amount, MINIMUM_PAISE);
  if (amount > MAXIMUM_PAISE) {
    throw badRequest('Amount exceeds maximum amount allowed.', 'amount');
  }
  const currency = body.currency;
  if (typeof currency !== 'string') {
    throw badRequest('The currency field is required.', 'currency');
  }
  if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('Currency is not supported', 'currency');
  const order: Order = {
    id: razorpayId('order'),
    entity: 'order',
    amount,
    amount_paid: 0,
    amount_due: amount,
    currency,
    receipt: parseReceipt(body.receipt),
    offer_id: null,
    status: 'created',
    attempts: 0,
    notes: parseNotes(body.notes),
    created_at: nowSeconds(),
  };
  return { status: 200, body: tables.orders.put(order) };
}

/** GET /v1/orders, newest first, filtered by `receipt`, `from`, `to`. */
export function listOrders(tables: RazorpayTables, call: Call): Reply {
  const page = parsePage(call.query);
  const receipt = call.query.get('receipt');
  const rows = tables.orders
    .newestFirst()
    .filter((order) => receipt === null || order.receipt === receipt);
  return { status: 200, body: collection(pageOf(rows, page)) };
}

/** GET /v1/orders/:id */
export function fetchOrder(tables: RazorpayTables, call: Call): Reply {
  const order = tables.orders.get(call.params.id ?? '');
  if (!order) throw unknownId();
  return { status: 200, body: order };
}

/** GET /v1/orders/:id/payments: every attempt, newest first. */
export function listOrderPayments(tables: RazorpayTables, call: Call): Reply {
  const order = tables.orders.get(call.params.id ?? '');
  if (!order) throw unknownId();
  const rows = tables.payments.newestFirst().filter((payment) => payment.order_id === order.id);
  return { status: 200, body: collection(rows) };
}
