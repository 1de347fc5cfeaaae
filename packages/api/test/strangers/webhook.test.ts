import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, secrets, type World } from '../support/world.ts';
import { ask } from './answer.ts';
import type { Headers } from './callers.ts';
import { fingerprint } from './fingerprint.ts';
import { createVictim, type Victim } from './victim.ts';

const path = '/api/webhooks/razorpay-hourly';
let world: World;
let victim: Victim;
beforeAll(async () => {
  world = await createWorld();
  victim = await createVictim(world, 'live');
});
afterAll(() => world?.stop());

const sign = (text: string, secret = secrets.webhookSecret) =>
  createHmac('sha256', secret).update(text).digest('hex');

/** What would credit the victim's unreported payment, were it believed. */
const capture = () =>
  JSON.stringify({
    entity: 'event',
    event: 'payment.captured',
    contains: ['payment'],
    payload: {
      payment: {
        entity: {
          id: victim.payment.razorpay_payment_id,
          order_id: victim.payment.razorpay_order_id,
          amount: 765_400 * 83,
          currency: 'INR',
          status: 'captured',
        },
      },
    },
  });

describe('an event of somebody who does not know the secret', () => {
  it('is refused and not kept', async () => {
    const text = capture();
    const good = sign(text);
    const last = good.endsWith('0') ? '1' : '0';
    const forgeries: Record<string, [string, Headers]> = {
      unsigned: [text, {}],
      'signed with nothing': [text, { 'x-razorpay-signature': '' }],
      'signed with garbage': [text, { 'x-razorpay-signature': 'garbage' }],
      'signed with zeros': [text, { 'x-razorpay-signature': '0'.repeat(64) }],
      'signed with an empty secret': [text, { 'x-razorpay-signature': sign(text, ' ') }],
      'signed with the key secret': [
        text,
        { 'x-razorpay-signature': sign(text, secrets.keySecret) },
      ],
      'signed in another digit': [text, { 'x-razorpay-signature': good.slice(0, -1) + last }],
      'signed too short': [text, { 'x-razorpay-signature': good.slice(0, 32) }],
      'signed too long': [text, { 'x-razorpay-signature': `${good}00` }],
      'signed twice': [text, { 'x-razorpay-signature': `${good}, ${good}` }],
      'signed by another scheme': [text, { 'x-razorpay-signature': `sha256=${good}` }],
      'signed in another header': [text, { 'x-hub-signature-256': good, signature: good }],
      'signed for another body': [
        text.replace('63528200', '83000000'),
        { 'x-razorpay-signature': good },
      ],
      'signed without its last space': [`${text} `, { 'x-razorpay-signature': good }],
      'signed for nothing': ['', { 'x-razorpay-signature': good }],
      "of a customer's browser": [text, victim.browser.headers],
      "of a customer's key": [text, { authorization: `Bearer ${victim.secret}` }],
    };
    const before = await fingerprint(world);
    for (const [name, [body, headers]] of Object.entries(forgeries)) {
      const json = { 'content-type': 'application/json', 'x-razorpay-event-id': `evt ${name}` };
      const init = { method: 'POST', body, headers: json };
      const seen = await ask(world, { path, init, headers, as: name }, victim);
      expect([seen.status, seen.reason], seen.what).toEqual([400, 'INVALID_SIGNATURE']);
    }
    expect(await fingerprint(world)).toEqual(before);
  });

  it('comes by no other method, and in no larger body', async () => {
    const before = await fingerprint(world);
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const text = capture();
      const headers = { 'x-razorpay-signature': sign(text) };
      const init = { method, ...(hasBody && { body: text }) };
      const seen = await ask(world, { path, init, headers }, victim);
      expect([seen.status, seen.headers.get('allow')], seen.what).toEqual([405, 'POST']);
    }
    const text = `${capture()}${' '.repeat(1_000_000)}`;
    const headers = { 'x-razorpay-signature': sign(text) };
    const seen = await ask(world, { path, init: { method: 'POST', body: text }, headers }, victim);
    expect([seen.status, seen.reason]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await fingerprint(world)).toEqual(before);
  });
});

describe('an event that is signed', () => {
  it('is believed, whoever brings it, and once', async () => {
    const text = capture();
    const headers = { 'x-razorpay-signature': sign(text), origin: 'https://evil.example' };
    const init = { method: 'POST', body: text };
    const before = await fingerprint(world);
    const first = await ask(world, { path, init, headers }, victim);
    expect([first.status, JSON.parse(first.text)]).toEqual([
      200,
      { received: true, duplicate: false },
    ]);
    const after = await fingerprint(world);
    expect(after['public.hourly_ledger_entries']).not.toEqual(
      before['public.hourly_ledger_entries'],
    );
    const again = await ask(world, { path, init, headers }, victim);
    expect(JSON.parse(again.text)).toEqual({ received: true, duplicate: true });
    expect(await fingerprint(world)).toEqual(after);
  });

  it('that cannot be read is kept for the operator, and tells its sender nothing', async () => {
    for (const text of ['{', '[]', '{"__proto__":{"event":"payment.captured"}}', 'null', '"x"']) {
      const init = { method: 'POST', body: text };
      const headers = { 'x-razorpay-signature': sign(text) };
      const seen = await ask(world, { path, init, headers }, victim);
      expect([seen.status, JSON.parse(seen.text).received], seen.what).toEqual([200, true]);
    }
  });
});
