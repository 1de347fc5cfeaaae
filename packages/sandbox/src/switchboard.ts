import { z } from 'zod';
import { type Faults, faultsSchema } from './faults.ts';
import { type Call, parseOr400, problem, type Reply, type Route, readJson } from './http.ts';
import { decideDispute, openDispute } from './razorpay/disputes.ts';
import { settleRefund } from './razorpay/refunds.ts';
import { declineOrder, payOrder } from './razorpay/settle.ts';
import type { RazorpayWorld } from './razorpay/world.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const DELIVERIES_SHOWN = 500;

const announcing = {
  webhook: z.enum(['send', 'drop', 'duplicate', 'late']).default('send'),
  lateMs: z.int().min(0).max(600_000).default(4_000),
  method: z.enum(['upi', 'card', 'netbanking']).optional(),
};
const paySchema = z.strictObject({ ...announcing, again: z.boolean().default(false) });
const failSchema = z.strictObject(announcing);
const disputeSchema = z.strictObject({ amount: z.int().min(100).optional() });
const outcomesSchema = z.strictObject({
  outcome: z.enum(['processed', 'pending', 'failed']),
  times: z.int().min(0).max(1000).default(1),
});
const webhookUrlSchema = z.strictObject({ url: z.url({ protocol: /^https?$/ }).nullable() });

async function input<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
  return parseOr400(schema, await readJson(call.request, BODY_LIMIT_BYTES));
}

function ok(body: object): Reply {
  return { status: 200, body };
}

/** GET /_sandbox/webhooks?event=&orderId=&status=, newest first. */
function listDeliveries(world: RazorpayWorld, call: Call): Reply {
  const filters = ['event', 'orderId', 'status'] as const;
  const items = world.webhooks
    .list()
    .filter((delivery) => filters.every((f) => [null, delivery[f]].includes(call.query.get(f))));
  return ok({ items: items.slice(0, DELIVERIES_SHOWN) });
}

function moneyRoutes(world: RazorpayWorld): Route[] {
  const id = (call: Call) => call.params.id ?? '';
  const post = (pattern: string, handle: (call: Call) => Promise<Reply> | Reply): Route => {
    return { method: 'POST', pattern: `/_sandbox${pattern}`, handle };
  };
  return [
    post('/orders/:id/pay', async (call) =>
      ok(payOrder(world, id(call), await input(paySchema, call))),
    ),
    post('/orders/:id/fail', async (call) =>
      ok(declineOrder(world, id(call), await input(failSchema, call))),
    ),
    post('/payments/:id/dispute', async (call) =>
      ok(openDispute(world, id(call), (await input(disputeSchema, call)).amount)),
    ),
    post('/disputes/:id/won', (call) => ok(decideDispute(world, id(call), 'won'))),
    post('/disputes/:id/lost', (call) => ok(decideDispute(world, id(call), 'lost'))),
    post('/disputes/:id/closed', (call) => ok(decideDispute(world, id(call), 'closed'))),
    post('/refunds/next', async (call) => {
      const { outcome, times } = await input(outcomesSchema, call);
      world.refundOutcomes = Array.from({ length: times }, () => outcome);
      return ok({ outcome, times });
    }),
    post('/refunds/:id/process', (call) => ok(settleRefund(world, id(call), 'processed'))),
    post('/refunds/:id/fail', (call) => ok(settleRefund(world, id(call), 'failed'))),
  ];
}

/**
 * The levers of the stand-in, for tests and the demo. They need no key, so pages in a browser are
 * kept out: a request that carries an `Origin` is refused.
 */
export function switchboardRoutes(world: RazorpayWorld, faults: Faults): Route[] {
  const routes: Route[] = [
    ...moneyRoutes(world),
    { method: 'GET', pattern: '/_sandbox/health', handle: () => ok({ status: 'ok' }) },
    { method: 'GET', pattern: '/_sandbox/webhooks', handle: (call) => listDeliveries(world, call) },
    {
      method: 'POST',
      pattern: '/_sandbox/webhooks/url',
      handle: async (call) => {
        const { url } = await input(webhookUrlSchema, call);
        world.webhooks.setUrl(url ?? undefined);
        return ok({ url });
      },
    },
    {
      method: 'POST',
      pattern: '/_sandbox/webhooks/:id/send',
      handle: (call) => {
        const id = call.params.id ?? '';
        if (!world.webhooks.resend(id)) throw problem(404, 'NOT_FOUND', 'No such delivery.');
        return ok({ id });
      },
    },
    { method: 'GET', pattern: '/_sandbox/faults', handle: () => ok(faults.list()) },
    {
      method: 'POST',
      pattern: '/_sandbox/faults',
      handle: async (call) => {
        faults.set(await input(faultsSchema, call));
        return ok(faults.list());
      },
    },
    {
      method: 'DELETE',
      pattern: '/_sandbox/faults',
      handle: () => {
        faults.clear();
        return ok({});
      },
    },
  ];
  return routes.map((route) => ({ ...route, handle: withoutBrowsers(route.handle) }));
}

function withoutBrowsers(handle: Route['handle']): Route['handle'] {
  return (call) => {
    if (call.request.headers.origin !== undefined) {
      throw problem(403, 'FORBIDDEN', 'The switchboard is not for pages in a browser.');
    }
    return handle(call);
  };
}
