import { describe, expect, it } from 'vitest';
import { type CheckoutEvent, checkoutFlow, choosing } from '../src/lib/checkout-flow.ts';
import { aTopup } from './a-topup.ts';

const topup = aTopup();
const after = (...events: CheckoutEvent[]) => events.reduce(checkoutFlow, choosing);
const pay: CheckoutEvent = { type: 'pay', amountCents: 10_000 };
const opened: CheckoutEvent[] = [pay, { type: 'opened', topup }];
const creditOf = (id: string, noticed: boolean): CheckoutEvent => ({
  type: 'credited',
  topup: aTopup({ id, status: 'paid' }),
  balanceCents: 10_000,
  noticed,
});

describe('checkoutFlow', () => {
  it('credits only by the server’s answer', () => {
    const paid = after(...opened, { type: 'paid_in_browser' });
    expect(paid.step).toBe('confirming');
    expect(checkoutFlow(paid, creditOf(topup.id, false)).step).toBe('credited');
  });

  it('is credited at once where nothing is to be paid', () => {
    expect(after(pay, creditOf('top_test', false)).step).toBe('credited');
  });

  it('fails at once where a test payment fails', () => {
    const failed = aTopup({ status: 'failed', checkout: null });
    expect(after(pay, { type: 'not_payable', topup: failed }).step).toBe('failed');
  });

  it('says that a payment has expired when it is to be opened again', () => {
    const expired = aTopup({ status: 'expired' });
    expect(after(pay, { type: 'not_payable', topup: expired }).step).toBe('expired');
  });

  it('keeps the top-up when the window is closed, and when it can’t be loaded', () => {
    expect(after(...opened, { type: 'dismissed' })).toEqual({ step: 'dismissed', topup });
    expect(after(pay, { type: 'unavailable', topup })).toEqual({ step: 'unavailable', topup });
  });

  it('says why the last attempt failed when the window is closed after it', () => {
    const flow = after(
      ...opened,
      { type: 'attempt_failed', problem: 'Card declined' },
      { type: 'dismissed' },
    );
    expect(flow).toEqual({ step: 'failed', topup, problem: 'Card declined' });
  });

  it('confirms a payment that follows a failed attempt', () => {
    const flow = after(
      ...opened,
      { type: 'attempt_failed', problem: 'Card declined' },
      { type: 'paid_in_browser' },
    );
    expect(flow.step).toBe('confirming');
  });

  it('does not begin a second payment while one is under way', () => {
    expect(after(...opened, pay).step).toBe('open');
    expect(after(...opened, { type: 'paid_in_browser' }, pay).step).toBe('confirming');
  });

  it('takes up a payment after a reload, and is still credited after all tries', () => {
    const late = after({ type: 'resumed', topup }, { type: 'unconfirmed', failure: null });
    expect(late.step).toBe('delayed');
    expect(checkoutFlow(late, creditOf(topup.id, true)).step).toBe('credited');
  });

  it('ignores a dismissal that comes after the payment', () => {
    expect(after(...opened, { type: 'paid_in_browser' }, { type: 'dismissed' }).step).toBe(
      'confirming',
    );
  });

  it('follows another tab that pays what is open here, and no other payment', () => {
    expect(after(...opened, { type: 'resumed', topup }).step).toBe('confirming');
    const other = aTopup({ id: 'top_2' });
    expect(after(...opened, { type: 'resumed', topup: other }).step).toBe('open');
  });

  it('tells of a credit that it notices only where that disturbs no other payment', () => {
    expect(after(creditOf('top_2', true)).step).toBe('credited');
    expect(after(pay, creditOf('top_2', true)).step).toBe('opening');
    expect(after(...opened, creditOf('top_2', true)).step).toBe('open');
    expect(after(...opened, creditOf(topup.id, true)).step).toBe('credited');
  });

  it('is slow only while it waits', () => {
    expect(after(pay, { type: 'takes_long' })).toMatchObject({ step: 'opening', slow: true });
    expect(after({ type: 'takes_long' }).step).toBe('choosing');
    expect(after(...opened, { type: 'takes_long' })).toEqual({
      step: 'open',
      topup,
      problem: null,
    });
  });
});
