import { createHmac } from 'node:crypto';
import type { Delivery } from '@hourly/sandbox';
import { receiveWebhook, replayWebhookEvent } from '../../../src/index.ts';
import { type Cast, type Customer, pick, Wrong } from '../cast.ts';
import type { Accident, Act, ActOf, Letter } from '../chapter.ts';
import { ordersOf } from './look-up.ts';
import { atOnce, run } from './run.ts';

/** An event of the provider arrives, again perhaps: those come first that never did. */
export async function deliver(
  cast: Cast,
  customer: Customer,
  act: ActOf<'deliver'>,
): Promise<boolean> {
  const { webhooks } = cast.stage.provider;
  const orderId = pick(await ordersOf(cast, customer), act.order);
  const paymentId = pick(cast.foreignPayments, act.nth);
  const about = orderId === undefined ? { paymentId } : { orderId };
  if (about.paymentId === undefined && orderId === undefined) return false;
  const events = webhooks.list(about);
  const fresh = events.filter(({ eventId }) => cast.mail.get(eventId) !== 'taken');
  const event = pick(fresh.length > 0 ? fresh : events, act.nth);
  if (event === undefined) return false;
  const deliveries = [handIn(cast, act, event, act.letter, act.accident)];
  if (act.copies === 2) deliveries.push(handIn(cast, act, event, act.letter, null));
  await atOnce(deliveries);
  return true;
}

/** Brings one letter, and holds the product to its answer. */
export async function handIn(
  cast: Cast,
  act: Act,
  event: Delivery,
  letter: Letter,
  accident: Accident | null,
): Promise<void> {
  const { eventId } = event;
  const { body, signature } = write(event, letter);
  const isGenuine =
    signature !== null && cast.secrets.some((secret) => signature === hmac(secret ?? '', body));
  const allowed = isGenuine ? [] : (['INVALID_SIGNATURE'] as const);
  const outcome = await run(cast, act, { role: 'web', accident, allowed }, (ctx) =>
    receiveWebhook(ctx, { rawBody: Buffer.from(body), signature, eventId }),
  );
  if (outcome.is === 'done' && !isGenuine) throw new Wrong(`a letter was taken: ${letter}`);
  if (!isGenuine || cast.mail.get(eventId) === 'taken') return;
  cast.mail.set(eventId, outcome.is === 'done' ? 'taken' : 'maybe');
}

function write(
  { body, signature }: Delivery,
  letter: Letter,
): { body: string; signature: string | null } {
  switch (letter) {
    case 'as sent':
      return { body, signature };
    case 'forged':
      return { body, signature: hmac('a guess', body) };
    case 'tampered':
      return { body: body.replace(/"amount":\d/, '"amount":9'), signature };
    case 'unsigned':
      return { body, signature: null };
  }
}

const hmac = (secret: string, message: string): string =>
  createHmac('sha256', secret).update(message).digest('hex');

/** The operator has a stored event processed again. */
export async function replay(cast: Cast, _: Customer, act: ActOf<'replay'>): Promise<boolean> {
  const taken = [...cast.mail].filter(([, state]) => state === 'taken');
  const [eventId] = pick(taken.reverse(), act.nth) ?? [];
  if (eventId === undefined) return false;
  await run(cast, act, { role: 'worker', accident: act.accident }, (ctx) =>
    replayWebhookEvent(ctx, { eventId }),
  );
  return true;
}

/** The provider signs with a new secret from now on; the product knows of it, and of the one before for a while. */
export function rotate(cast: Cast, { isAlone }: ActOf<'rotate'>): void {
  const [before] = cast.secrets;
  cast.secretNo += 1;
  const current = `secret ${cast.secretNo}`;
  cast.stage.provider.webhooks.setSecret(current);
  cast.secrets = isAlone ? [current] : [current, before];
}
