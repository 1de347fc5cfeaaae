import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Call, parseOr400, type Reply, type Route, readJson } from '../http.ts';
import type { RazorpayControls } from './controls.ts';
import { authenticationFailed, unknownId } from './errors.ts';
import type { RazorpayWorld } from './world.ts';

const BODY_LIMIT_BYTES = 16 * 1024;

/**
 * The window runs on the merchant's page, whose origin isn't known beforehand, and sends no
 * cookies: like Razorpay's own, it is open to every origin and asks for the public key only.
 */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '600',
};

const attemptSchema = z.strictObject({
  key: z.string().max(100),
  outcome: z.enum(['success', 'failure']),
  method: z.enum(['upi', 'card', 'netbanking']).optional(),
  email: z.string().max(320).optional(),
  contact: z.string().max(40).optional(),
  description: z.string().max(500).optional(),
});

async function attempt(
  world: RazorpayWorld,
  controls: RazorpayControls,
  call: Call,
): Promise<Reply> {
  const input = parseOr400(attemptSchema, await readJson(call.request, BODY_LIMIT_BYTES));
  const { key, outcome, ...payer } = input;
  if (key !== world.keyId) throw authenticationFailed();
  const orderId = call.params.id ?? '';
  if (outcome === 'success') return { status: 200, body: controls.pay(orderId, payer) };
  return { status: 200, body: controls.fail(orderId, payer) };
}

/** What the window shows of an order: never its notes or receipt. */
function show(world: RazorpayWorld, call: Call): Reply {
  if (call.query.get('key') !== world.keyId) throw authenticationFailed();
  const order = world.tables.orders.get(call.params.id ?? '');
  if (!order) throw unknownId();
  const { id, amount, currency, status } = order;
  return { status: 200, body: { id, amount, currency, status } };
}

/** The script `window.Razorpay` comes from, and the calls its window makes. */
export function checkoutRoutes(world: RazorpayWorld, controls: RazorpayControls): Route[] {
  const script = readFileSync(new URL('./checkout-window.js', import.meta.url), 'utf8');
  const pattern = '/_checkout/orders/:id';
  const routes: Route[] = [
    {
      method: 'GET',
      pattern: '/v1/checkout.js',
      handle: () => ({
        status: 200,
        body: script,
        headers: {
          'content-type': 'text/javascript; charset=utf-8',
          'cross-origin-resource-policy': 'cross-origin',
        },
      }),
    },
    { method: 'GET', pattern, handle: (call) => show(world, call) },
    { method: 'POST', pattern, handle: (call) => attempt(world, controls, call) },
    { method: 'OPTIONS', pattern, handle: () => ({ status: 204, body: '' }) },
  ];
  return routes;
}

/** Headers every answer under checkout's path carries, errors too. */
export function corsHeaders(path: string): Record<string, string> {
  return path.startsWith('/_checkout/') ? CORS : {};
}
