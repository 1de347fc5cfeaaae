import { describe, expect, it } from 'vitest';
import type { DisputeTurn } from '../src/razorpay/disputes.ts';
import { inProcessReceiver, post, razorpayClient, sandbox } from './helpers.ts';

/** The disputes of the SDK, which its types leave out. */
interface Disputes {
  all(params: object): Promise<{ count: number; items: { id: string; status: string }[] }>;
  fetch(id: string): Promise<Record<string, unknown>>;
  accept(id: string): Promise<{ status: string; amount_deducted: number }>;
}

async function paid() {
  const { webhookReceiver, events, received } = inProcessReceiver();
  const started = await sandbox({ webhookReceiver });
  started.clock.freeze(1_700_000_000_000);
  const { id } = started.razorpay.createOrder({ amount: 830_000 });
  const paymentId = started.razorpay.pay(id, { webhook: 'drop' }).razorpay_payment_id;
  const { disputes } = razorpayClient(started.url) as unknown as { disputes: Disputes };
  const settled = () => started.webhooks.settled();
  return { ...started, disputes, paymentId, events, received, settled };
}

describe('disputes', () => {
  it('are listed and fetched, by the real SDK', async () => {
    const { url, disputes, razorpay, paymentId } = await paid();
    const opened = await post(`${url}/_sandbox/payments/${paymentId}/dispute`, {
      amount: 50_000,
      phase: 'pre_arbitration',
    });
    const second = razorpay.dispute(paymentId);
    expect(await disputes.fetch(opened.body.id)).toMatchObject({
      entity: 'dispute',
      payment_id: paymentId,
      amount: 50_000,
      currency: 'INR',
      amount_deducted: 0,
      status: 'open',
      phase: 'pre_arbitration',
      respond_by: 1_700_000_000 + 7 * 24 * 3600,
      created_at: 1_700_000_000,
      evidence: { amount: 50_000, submitted_at: null },
    });
    const all = await disputes.all({});
    expect(all.items.map(({ id }) => id)).toEqual([second.id, opened.body.id]);
    expect((await disputes.all({ count: 1, skip: 1 })).items[0]?.id).toBe(opened.body.id);
    expect(await disputes.accept(second.id)).toMatchObject({
      status: 'lost',
      amount_deducted: 830_000,
    });
    await expect(disputes.accept(second.id)).rejects.toMatchObject({
      error: { description: 'Action not allowed when dispute is in lost status' },
    });
    await expect(disputes.fetch('disp_AAAAAAAAAAAAAA')).rejects.toMatchObject({ statusCode: 400 });
  });

  it.each<[DisputeTurn[], string, number]>([
    [['won'], 'won', 0],
    [['lost'], 'lost', 830_000],
    [['closed'], 'closed', 0],
    [['under_review', 'won'], 'won', 0],
    [['under_review', 'action_required', 'under_review', 'lost'], 'lost', 830_000],
  ])('turn %j and are announced with their payment', async (turns, status, deducted) => {
    const { razorpay, paymentId, events, received, settled } = await paid();
    const { id } = razorpay.dispute(paymentId);
    for (const turn of turns) razorpay.turnDispute(id, turn);
    await settled();
    expect(events()).toEqual(['created', ...turns].map((turn) => `payment.dispute.${turn}`));
    const last = JSON.parse(received.at(-1)?.body ?? '');
    expect(last.contains).toEqual(['payment', 'dispute']);
    expect(last.payload).toMatchObject({
      payment: { entity: { id: paymentId, captured: true } },
      dispute: { entity: { id, status, amount_deducted: deducted } },
    });
  });

  it('end once, and want a captured payment that is large enough', async () => {
    const { url, razorpay, paymentId } = await paid();
    const { id } = razorpay.dispute(paymentId);
    expect(() => razorpay.turnDispute(id, 'action_required')).toThrow('in open status');
    razorpay.turnDispute(id, 'won');
    for (const turn of ['lost', 'won', 'closed', 'under_review']) {
      expect((await post(`${url}/_sandbox/disputes/${id}/${turn}`)).status).toBe(400);
    }
    expect(() => razorpay.dispute(paymentId, { amount: 830_001 })).toThrow('greater');
    const { id: orderId } = razorpay.createOrder({ amount: 1_000 });
    expect(() => razorpay.dispute(razorpay.authorize(orderId).id)).toThrow('captured');
  });
});
