import type { Topup } from '@hourly/sdk/react';
import { describe, expect, it } from 'vitest';
import { type CheckoutEvent, checkoutFlow, choosing } from '../src/lib/checkout-flow.ts';

const topup = (status: Topup['status'] = 'created'): Topup => ({
  id: 'top_1',
  status,
  amountCents: 10_000,
  amountInrPaise: 830_000,
  inrPerUsd: 83,
  refundedCents: 0,
  createdAt: '2026-01-31T10:00:00.000Z',
  paidAt: null,
  checkout: { keyId: 'key', orderId: 'order_1', amount: 830_000, currency: 'INR' },
});

const after = (...events: CheckoutEvent[]) => events.reduce(checkoutFlow, choosing);
const opened: CheckoutEvent[] = [{ type: 'pay' }, { type: 'opened', topup: topup() }];

describe('checkoutFlow', () => {
  it('credits only by the server’s answer', () => {
    const paid = after(...opened, { type: 'paid_in_browser' });
    expect(paid.step).toBe('confirming');
    expect(checkoutFlow(paid, { type: 'answered', topup: topup() }).step).toBe('confirming');
    expect(checkoutFlow(paid, { type: 'answered', topup: topup('paid') }).step).toBe('credited');
  });

  it('is credited at once where nothing is to be paid', () => {
    expect(after({ type: 'pay' }, { type: 'answered', topup: topup('paid') }).step).toBe(
      'credited',
    );
  });

  it('fails at once where a test payment fails', () => {
    expect(after({ type: 'pay' }, { type: 'answered', topup: topup('failed') }).step).toBe(
      'failed',
    );
  });

  it('keeps the top-up when the window is closed', () => {
    expect(after(...opened, { type: 'dismissed' })).toEqual({
      step: 'dismissed',
      topup: topup(),
    });
  });

  it('says why the last attempt failed when the window is closed after it', () => {
    const flow = after(
      ...opened,
      { type: 'attempt_failed', problem: 'Card declined' },
      { type: 'dismissed' },
    );
    expect(flow).toEqual({ step: 'failed', topup: topup(), problem: 'Card declined' });
  });

  it('confirms a payment that follows a failed attempt', () => {
    const flow = after(
      ...opened,
      { type: 'attempt_failed', problem: 'Card declined' },
      { type: 'paid_in_browser' },
      { type: 'answered', topup: topup('failed') },
    );
    expect(flow.step).toBe('confirming');
  });

  it('does not begin a second payment while one is under way', () => {
    expect(after(...opened, { type: 'pay' }).step).toBe('open');
  });

  it('takes up a payment after a reload, and is still credited after the time limit', () => {
    const late = after({ type: 'resumed', topup: topup() }, { type: 'took_too_long' });
    expect(late.step).toBe('delayed');
    expect(checkoutFlow(late, { type: 'answered', topup: topup('paid') }).step).toBe('credited');
  });

  it('ignores a dismissal that comes after the payment', () => {
    expect(after(...opened, { type: 'paid_in_browser' }, { type: 'dismissed' }).step).toBe(
      'confirming',
    );
  });
});
