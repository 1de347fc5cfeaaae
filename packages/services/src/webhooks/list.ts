import type { ServiceContext } from '../service-context.ts';

/** A stored event of the payment provider, without its body. */
export interface StoredWebhookEvent {
  eventId: string;
  type: string;
  receivedAt: string;
  processedAt: string | null;
  attempts: number;
  lastError: string | null;
}

/**
 * Stored events, newest first; with `unprocessed` only those that wait. `cursor` is the `nextCursor` of the page before,
 * null on the last page.
 */
export async function listWebhookEvents(
  { db }: Pick<ServiceContext, 'db'>,
  input: { limit: number; cursor?: string | undefined; unprocessed?: boolean | undefined },
): Promise<{ items: StoredWebhookEvent[]; nextCursor: string | null }> {
  const { limit, cursor, unprocessed = false } = input;
  const { rows } = await db.pool.query<{
    eventId: string;
    type: string;
    receivedAt: Date;
    processedAt: Date | null;
    attempts: number;
    lastError: string | null;
  }>(
    `select event_id as "eventId", type, received_at as "receivedAt", processed_at as "processedAt",
            attempts, last_error as "lastError"
       from hourly_webhook_events e
      where (not $1 or processed_at is null)
        and ($2::text is null or (received_at, event_id) <
          (select c.received_at, c.event_id from hourly_webhook_events c where c.event_id = $2))
      order by received_at desc, event_id desc
      limit $3`,
    [unprocessed, cursor ?? null, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    receivedAt: row.receivedAt.toISOString(),
    processedAt: row.processedAt?.toISOString() ?? null,
  }));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.eventId ?? null) : null };
}
