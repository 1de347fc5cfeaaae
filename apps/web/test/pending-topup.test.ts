import { describe, expect, it } from 'vitest';
import type { CheckoutNote, CheckoutNotes } from '../src/lib/checkout-notes.ts';
import { choiceKey, reminderOf, topupToContinue } from '../src/lib/pending-topup.ts';
import { aPayment, aTopup } from './a-topup.ts';

const hourMs = 3_600_000;
const madeMs = Date.parse(aTopup().createdAt);
const notesOf = (...notes: CheckoutNote[]): CheckoutNotes =>
  new Map(notes.map((note) => [note.topupId, note]));
const none = notesOf();
const paid = (topupId: string): CheckoutNote => ({ topupId, problem: null, payment: aPayment });

const settled = aTopup({ id: 'settled', status: 'paid' });
const payable = aTopup({ id: 'payable' });
const making = aTopup({ id: 'making', checkout: null });

describe('topupToContinue', () => {
  it('goes on with the newest one of that amount that can be paid', () => {
    const failed = aTopup({ id: 'failed', status: 'failed' });
    const other = aTopup({ id: 'other', amountCents: 20_000 });
    expect(topupToContinue([other, failed, payable], none, 10_000)).toBe(failed);
    expect(topupToContinue([other, failed, payable], none, 50_000)).toBeNull();
  });

  it('leaves alone what is settled, not made yet, or paid in this browser', () => {
    const expired = aTopup({ id: 'expired', status: 'expired' });
    expect(topupToContinue([settled, making, expired], none, 10_000)).toBeNull();
    expect(topupToContinue([payable], notesOf(paid('payable')), 10_000)).toBeNull();
  });
});

describe('choiceKey', () => {
  it('is the same for the same choice, also when a call with it is under way or got lost', () => {
    const before = choiceKey([settled], 10_000);
    expect(choiceKey([settled], 10_000)).toBe(before);
    expect(choiceKey([making, settled], 10_000)).toBe(before);
    // Another top-up was made while the answer to the first was waited for.
    const other = aTopup({ id: 'other', amountCents: 20_000 });
    expect(choiceKey([other, making, settled], 10_000)).toBe(before);
  });

  it('is another one for another amount and once the top-up exists', () => {
    const keys = [
      choiceKey([], 10_000),
      choiceKey([settled], 10_000),
      choiceKey([settled], 20_000),
      choiceKey([payable, settled], 10_000),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('reminderOf', () => {
  const kindAt = (topups: Parameters<typeof reminderOf>[0], notes = none, ageMs = 0) =>
    reminderOf(topups, notes, madeMs + ageMs)?.kind ?? null;

  it('speaks of the newest top-up while something is to be done about it', () => {
    expect(kindAt([payable, settled])).toBe('unpaid');
    expect(kindAt([making, settled])).toBe('unfinished');
    expect(kindAt([settled, payable])).toBeNull();
    expect(kindAt([])).toBeNull();
  });

  it('does not bring up for ever what was abandoned', () => {
    expect(kindAt([payable], none, 25 * hourMs)).toBeNull();
    const expired = aTopup({ status: 'expired' });
    expect(kindAt([expired], none, 73 * hourMs)).toBe('expired');
    expect(kindAt([expired], none, 121 * hourMs)).toBeNull();
  });

  it('puts first what was paid in this browser, until it is credited', () => {
    expect(kindAt([making, payable], notesOf(paid('payable')))).toBe('awaited');
    expect(kindAt([settled], notesOf(paid('settled')))).toBeNull();
  });

  it('knows why the last attempt failed', () => {
    const notes = notesOf({ topupId: 'payable', problem: 'Card declined', payment: null });
    expect(reminderOf([payable], notes, madeMs)).toMatchObject({ problem: 'Card declined' });
  });
});
