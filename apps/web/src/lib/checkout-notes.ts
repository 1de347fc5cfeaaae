import type { CheckoutPayment } from './load-checkout.ts';

/** What only the browser knows of a top-up: a payment that it saw, and why the last attempt failed. */
export type CheckoutNote = {
  topupId: string;
  problem: string | null;
  payment: CheckoutPayment | null;
};

/** By the top-up's id. */
export type CheckoutNotes = ReadonlyMap<string, CheckoutNote>;

const place = 'hourly-checkout';
const keptNotes = 8;
const listeners = new Set<() => void>();
let lastRead: { text: string | null; notes: CheckoutNotes } = { text: null, notes: new Map() };

/** The browser's notes, of all tabs. The same object as long as nothing has changed. */
export function readNotes(): CheckoutNotes {
  const text = localStorage.getItem(place);
  if (text !== lastRead.text) lastRead = { text, notes: notesOf(text) };
  return lastRead.notes;
}

/** For the server, which knows none. */
export const noNotes: CheckoutNotes = new Map();

/** Adds to what is known of a top-up, for all tabs and for after a reload. The oldest notes make room. */
export function note(topupId: string, known: Partial<Omit<CheckoutNote, 'topupId'>>): void {
  const notes = new Map(readNotes());
  const before = notes.get(topupId) ?? { topupId, problem: null, payment: null };
  notes.delete(topupId);
  notes.set(topupId, { ...before, ...known });
  write([...notes.values()].slice(-keptNotes));
}

export function forgetNote(topupId: string): void {
  const notes = [...readNotes().values()];
  const kept = notes.filter((one) => one.topupId !== topupId);
  if (kept.length < notes.length) write(kept);
}

/** Hears of changes made by this tab and by others. */
export function subscribeToNotes(onChange: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === place || key === null) onChange();
  };
  listeners.add(onChange);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(onChange);
    window.removeEventListener('storage', onStorage);
  };
}

function write(notes: readonly CheckoutNote[]): void {
  localStorage.setItem(place, JSON.stringify(notes));
  for (const listener of listeners) listener();
}

/** Another version of this page may have written there: what isn't a note is left out. */
function notesOf(text: string | null): CheckoutNotes {
  const notes = new Map<string, CheckoutNote>();
  for (const value of listIn(text)) {
    if (isNote(value)) notes.set(value.topupId, value);
  }
  return notes;
}

function listIn(text: string | null): unknown[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isNote(value: unknown): value is CheckoutNote {
  if (!isRecord(value) || typeof value.topupId !== 'string') return false;
  const { problem, payment } = value;
  return (
    (problem === null || typeof problem === 'string') && (payment === null || isPayment(payment))
  );
}

const isPayment = (value: unknown): boolean =>
  isRecord(value) &&
  [value.razorpay_order_id, value.razorpay_payment_id, value.razorpay_signature].every(
    (field) => typeof field === 'string',
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
