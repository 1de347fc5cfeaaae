import { z } from 'zod';
import { type Call, parseOr400, type Route } from '../http.ts';
import type { WebhookControls } from '../razorpay/webhooks/controls.ts';
import { EVENTS } from '../razorpay/webhooks/delivery.ts';
import { mannerSchema } from '../razorpay/webhooks/manner.ts';
import { idOf, lever, look, nothing } from './lever.ts';

const DELIVERIES_SHOWN = 500;

const url = z.strictObject({ url: z.url({ protocol: /^https?$/ }).nullable() });
const secret = z.strictObject({ secret: z.string().min(1).max(200) });
const events = z.strictObject({ events: z.array(z.enum(EVENTS)).nullable() });
const release = z.strictObject({
  ids: z.array(z.string()).max(10_000).optional(),
  order: z.enum(['created', 'reverse', 'random']).optional(),
  seed: z.int().optional(),
});
const page = z.object({
  count: z.coerce.number().int().min(1).max(DELIVERIES_SHOWN).default(DELIVERIES_SHOWN),
  skip: z.coerce.number().int().min(0).default(0),
  event: z.string().optional(),
  orderId: z.string().optional(),
  paymentId: z.string().optional(),
  eventId: z.string().optional(),
  status: z.string().optional(),
});

/** Deliveries, newest first, and whether there are more of them. */
function list(webhooks: WebhookControls, call: Call): object {
  const { count, skip, ...filter } = parseOr400(page, Object.fromEntries(call.query));
  const items = webhooks.list(filter, { count, skip });
  const hasMore = webhooks.list(filter, { count: 1, skip: skip + items.length }).length > 0;
  return { items, hasMore };
}

/** The webhook's page in the dashboard, and what happens to its deliveries on the way. */
export function webhookRoutes(webhooks: WebhookControls): Route[] {
  const settings = () => webhooks.settings();
  return [
    look('/webhooks', (call) => list(webhooks, call)),
    look('/webhooks/settings', settings),
    lever('POST', '/webhooks/url', url, (input) => {
      webhooks.setUrl(input.url ?? undefined);
      return input;
    }),
    lever('POST', '/webhooks/secret', secret, (input) => {
      webhooks.setSecret(input.secret);
      return settings();
    }),
    lever('POST', '/webhooks/events', events, (input) => {
      webhooks.setEvents(input.events);
      return settings();
    }),
    lever('POST', '/webhooks/enable', nothing, () => {
      webhooks.enable();
      return settings();
    }),
    lever('POST', '/webhooks/disable', nothing, () => {
      webhooks.disable();
      return settings();
    }),
    lever('POST', '/webhooks/mode', mannerSchema, (input) => {
      webhooks.setManner(input);
      return settings();
    }),
    lever('POST', '/webhooks/release', release, async (input) => ({
      released: await webhooks.release(input),
    })),
    lever('POST', '/webhooks/settle', nothing, async () => {
      await webhooks.settled();
      return {};
    }),
    lever('POST', '/webhooks/:id/send', nothing, (_input, call) => {
      webhooks.resend(idOf(call));
      return { id: idOf(call) };
    }),
  ];
}
