import type { StoredWebhookEvent } from '@hourly/services';
import Link from 'next/link';
import { Badge } from '../ui/badge.tsx';
import { buttonClasses } from '../ui/button.tsx';
import { ReplayButton } from './replay-button.tsx';
import { Instant, Mono, PlainTable, SectionCard } from './section-card.tsx';

type EventsCardProps = {
  items: StoredWebhookEvent[];
  nextCursor: string | null;
  /** Only those that are not processed are listed. */
  unprocessed: boolean;
};

/** The inbox of Razorpay's events, each to be replayed. */
export function EventsCard({ items, nextCursor, unprocessed }: EventsCardProps) {
  const filter = unprocessed ? '&waiting=1' : '';
  return (
    <SectionCard
      title="Webhook events"
      hint="Stored before they are answered. Replaying is safe: nothing that an event asks for happens twice."
      action={
        <Link
          href={unprocessed ? '/operator' : '/operator?waiting=1'}
          className={buttonClasses({ size: 'small' })}
        >
          {unprocessed ? 'Show all' : 'Only unprocessed'}
        </Link>
      }
    >
      {items.length === 0 ? (
        <p className="py-10 text-center text-sm text-ink-faint">
          {unprocessed ? 'Every event is processed.' : 'Razorpay has sent nothing yet.'}
        </p>
      ) : (
        <PlainTable label="Webhook events" head={['Event', 'Type', 'State', 'Received', '']}>
          {items.map((event) => (
            <tr key={event.eventId}>
              <td>
                <Mono>{event.eventId}</Mono>
              </td>
              <td className="whitespace-nowrap">{event.type}</td>
              <td>
                <EventState event={event} />
              </td>
              <td>
                <Instant at={event.receivedAt} />
              </td>
              <td className="text-right">
                <ReplayButton eventId={event.eventId} />
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      {nextCursor !== null && (
        <p className="mt-4 text-center">
          <Link
            href={`/operator?cursor=${encodeURIComponent(nextCursor)}${filter}`}
            className={buttonClasses({ size: 'small' })}
          >
            Older events
          </Link>
        </p>
      )}
    </SectionCard>
  );
}

function EventState({ event }: { event: StoredWebhookEvent }) {
  if (event.processedAt !== null) return <Badge tone="live">processed</Badge>;
  return (
    <>
      <Badge tone={event.lastError === null ? 'hold' : 'halt'}>
        {event.lastError === null ? 'waiting' : `failed ${event.attempts}×`}
      </Badge>
      {event.lastError !== null && (
        <span className="mt-1 block max-w-md text-[13px] break-words text-ink-soft">
          {event.lastError}
        </span>
      )}
    </>
  );
}
