import type { Clock } from '../clock.ts';
import { createDueQueue } from '../due-queue.ts';
import type { Shelf } from '../table.ts';

/**
 * What Razorpay does by itself when its time has come: `time_out` fails a payment that no bank
 * answered, `capture` captures an authorised one, `give_back` refunds one that nobody captured,
 * `process_refund` and `fail_refund` end a pending refund.
 */
export type Act = 'time_out' | 'capture' | 'give_back' | 'process_refund' | 'fail_refund';

export interface Appointment {
  id: string;
  act: Act;
  /** The payment or refund it is about. */
  target: string;
  atMs: number;
}

export interface Agenda {
  /** Plans an act; the same act on the same target is planned once, at the newest instant. */
  plan(act: Act, target: string, atMs: number): void;
  /** Soonest first. */
  list(): Appointment[];
  /** Forgets what waits in memory; the table is the shelf's. */
  clear(): void;
  /** Takes up what was planned before a restart. */
  start(): void;
}

/** Does `perform` for each appointment once its instant has come. What fits no more, it ignores. */
export function createAgenda(options: {
  shelf: Shelf;
  clock: Clock;
  perform: (appointment: Appointment) => void;
}): Agenda {
  const appointments = options.shelf.table<Appointment>('appointment', 20_000);
  const queue = createDueQueue();
  let sequence = 0;

  const enqueue = ({ id, atMs }: Appointment) => {
    sequence += 1;
    queue.add({ id, atMs, sequence });
  };

  /** The next one that still stands: planned anew or forgotten ones are dropped from the queue. */
  const next = (): Appointment | null => {
    for (let due = queue.peek(); due; due = queue.peek()) {
      const appointment = appointments.get(due.id);
      if (appointment?.atMs === due.atMs) return appointment;
      queue.take();
    }
    return null;
  };

  options.clock.add({
    nextDueMs: () => next()?.atMs ?? null,
    pump() {
      for (let due = next(); due && due.atMs <= options.clock.nowMs(); due = next()) {
        queue.take();
        appointments.remove(due.id);
        options.perform(due);
      }
    },
    idle: () => Promise.resolve(),
  });

  return {
    plan(act, target, atMs) {
      const planned = appointments.put({ id: `${act} ${target}`, act, target, atMs });
      enqueue(planned);
      options.clock.wake();
    },
    list: () => [...appointments.oldestFirst()].sort((a, b) => a.atMs - b.atMs),
    clear: () => queue.clear(),
    start() {
      for (const appointment of appointments.oldestFirst()) enqueue(appointment);
    },
  };
}
