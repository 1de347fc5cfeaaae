import type { Call, Reply } from '../http.ts';
import { razorpayId } from '../ids.ts';
import { type CaptureSettings, collection, type Order } from './entities.ts';
import { badRequest, unknownId } from './errors.ts';
import {
  pageOf,
  parseAmount,
  parseCurrency,
  parseExpand,
  parseId,
  parseNotes,
  parsePage,
  parseReceipt,
  readObject,
  refuseUnknown,
} from './input.ts';
import type { RazorpayWorld } from './world.ts';

const MAXIMUM_PAISE = 50_000_000_00;
const CAPTURE_LONGEST_MINUTES = 7_200;
const AUTOMATIC_SHORTEST_MINUTES = 12;
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

/** Of an order that says nothing: captured by itself whenever its bank confirms it within 3 days. */
const ACCOUNT_DEFAULT: Omit<CaptureSettings, 'id'> = {
  capture: 'automatic',
  automaticForSeconds: 3 * 24 * 3600,
  manualForSeconds: CAPTURE_LONGEST_MINUTES * 60,
};

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function minutes(value: unknown, field: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw badRequest(`The ${field} must be an integer.`, field);
}

/** `payment.capture` with its options, or the older `payment_capture`. */
function parseCapture(body: Record<string, unknown>): Omit<CaptureSettings, 'id'> {
  if (body.payment === undefined) {
    const isManual = ['0', 'false'].includes(String(body.payment_capture ?? '1'));
    return isManual ? { ...ACCOUNT_DEFAULT, capture: 'manual' } : ACCOUNT_DEFAULT;
  }
  const { capture, capture_options } = asObject(body.payment);
  if (capture !== 'automatic' && capture !== 'manual') {
    throw badRequest('The selected capture is invalid.', 'capture');
  }
  const options = asObject(capture_options);
  const manual = minutes(
    options.manual_expiry_period,
    'manual_expiry_period',
    CAPTURE_LONGEST_MINUTES,
  );
  const automatic = minutes(options.automatic_expiry_period, 'automatic_expiry_period', manual);
  if (capture === 'automatic' && automatic < AUTOMATIC_SHORTEST_MINUTES) {
    throw badRequest('The automatic_expiry_period must be at least 12.', 'automatic_expiry_period');
  }
  if (manual > CAPTURE_LONGEST_MINUTES || manual < automatic) {
    throw badRequest(
      'The manual_expiry_period must be between the automatic_expiry_period and 7200.',
      'manual_expiry_period',
    );
  }
  return { capture, automaticForSeconds: automatic * 60, manualForSeconds: manual * 60 };
}

/** Makes an order from what `POST /v1/orders` takes. */
export function makeOrder(world: RazorpayWorld, body: Record<string, unknown>): Order {
  refuseUnknown(body, KNOWN_FIELDS);
  const amount = parseAmount(body.amount);
  if (amount > MAXIMUM_PAISE) {
    throw badRequest('Amount exceeds maximum amount allowed.', 'amount');
  }
  const capture = parseCapture(body);
  const order: Order = {
    id: razorpayId('order'),
    entity: 'order',
    amount,
    amount_paid: 0,
    amount_due: amount,
    currency: parseCurrency(body.currency),
    receipt: parseReceipt(body.receipt),
    offer_id: null,
    status: 'created',
    attempts: 0,
    notes: parseNotes(body.notes),
    created_at: world.clock.seconds(),
  };
  if (capture !== ACCOUNT_DEFAULT) {
    world.tables.captureSettings.put({ ...capture, id: order.id });
  }
  return world.tables.orders.put(order);
}

export function captureSettingsOf(world: RazorpayWorld, orderId: string): CaptureSettings {
  return world.tables.captureSettings.get(orderId) ?? { ...ACCOUNT_DEFAULT, id: orderId };
}

/** The order, or a refusal in Razorpay's words. */
export function findOrder(world: RazorpayWorld, id: string | undefined): Order {
  const order = world.tables.orders.get(parseId(id, 'order'));
  if (!order) throw unknownId();
  return order;
}

/** POST /v1/orders */
export async function createOrder(world: RazorpayWorld, call: Call): Promise<Reply> {
  return { status: 200, body: makeOrder(world, await readObject(call.request)) };
}

/** The order with what `expand[]` asks for. */
function expanded(world: RazorpayWorld, order: Order, names: string[]): object {
  if (names.length === 0) return order;
  return { ...order, payments: collection([...world.tables.payments.where('order', order.id)]) };
}

const WITH_MONEY = ['authorized', 'captured', 'refunded'];

/** GET /v1/orders, newest first, filtered by `receipt`, `authorized`, `from`, `to`. */
export function listOrders(world: RazorpayWorld, call: Call): Reply {
  const page = parsePage(call.query);
  const names = parseExpand(call.query, ['payments']);
  const receipt = call.query.get('receipt');
  const authorized = call.query.get('authorized');
  const { orders, payments } = world.tables;

  function* rows(): Iterable<Order> {
    for (const order of receipt === null
      ? orders.newestFirst()
      : orders.where('receipt', receipt)) {
      const attempts = authorized === null ? [] : [...payments.where('order', order.id)];
      const isAuthorized = attempts.some(({ status }) => WITH_MONEY.includes(status));
      if (authorized === null || isAuthorized === (authorized === '1')) yield order;
    }
  }
  const items = pageOf(rows(), page).map((order) => expanded(world, order, names));
  return { status: 200, body: collection(items) };
}

/** GET /v1/orders/:id */
export function fetchOrder(world: RazorpayWorld, call: Call): Reply {
  const names = parseExpand(call.query, ['payments']);
  return { status: 200, body: expanded(world, findOrder(world, call.params.id), names) };
}

/** GET /v1/orders/:id/payments: every attempt, newest first. */
export function listOrderPayments(world: RazorpayWorld, call: Call): Reply {
  const order = findOrder(world, call.params.id);
  return { status: 200, body: collection([...world.tables.payments.where('order', order.id)]) };
}
