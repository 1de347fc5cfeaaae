import type { Clock, ClockView } from './clock.ts';
import type { Agenda, Appointment } from './razorpay/agenda.ts';
import type { Delivery } from './razorpay/webhooks/delivery.ts';
import type { Webhooks } from './razorpay/webhooks/webhooks.ts';

const SHOWN_MAXIMUM = 100;

type DeliveryLine = Pick<
  Delivery,
  'id' | 'event' | 'orderId' | 'paymentId' | 'attemptCount' | 'nextAttemptAt'
>;

/** What is still to come. Of each kind the first 100, soonest first, and how many there are. */
export interface PendingView {
  clock: ClockView;
  inFlight: number;
  deliveries: { count: number; items: DeliveryLine[] };
  held: { count: number; items: DeliveryLine[] };
  /** What Razorpay will do by itself, and when. */
  appointments: { count: number; items: (Pick<Appointment, 'act' | 'target'> & { at: string })[] };
}

const line = (delivery: Delivery): DeliveryLine => {
  const { id, event, orderId, paymentId, attemptCount, nextAttemptAt } = delivery;
  return { id, event, orderId, paymentId, attemptCount, nextAttemptAt };
};

export function viewPending(parts: {
  clock: Clock;
  webhooks: Webhooks;
  agenda: Agenda;
}): PendingView {
  const lines = (status: Delivery['status']) =>
    [...parts.webhooks.list({ status })]
      .map(line)
      .reverse()
      .sort((a, b) => (a.nextAttemptAt ?? '').localeCompare(b.nextAttemptAt ?? ''));
  const counted = <T>(items: T[]) => ({
    count: items.length,
    items: items.slice(0, SHOWN_MAXIMUM),
  });
  const appointments = parts.agenda.list().map(({ act, target, atMs }) => {
    return { act, target, at: new Date(atMs).toISOString() };
  });
  return {
    clock: parts.clock.view(),
    inFlight: parts.webhooks.inFlightCount(),
    deliveries: counted(lines('pending')),
    held: counted(lines('held')),
    appointments: counted(appointments),
  };
}
