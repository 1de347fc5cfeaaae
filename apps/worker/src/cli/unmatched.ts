import { formatInr } from '@hourly/contract';
import { listKeptPayments, listWebhookEvents } from '@hourly/services';
import { z } from 'zod';
import { defineCommand } from './command.ts';

const maxShown = 500;

export const unmatched = defineCommand({
  name: 'unmatched',
  usage: '',
  summary: 'lists payments that were never credited and events that are not processed',
  input: z.object({}),
  async run(cli) {
    const db = cli.db();
    const [payments, events] = await Promise.all([
      listKeptPayments({ db }, { limit: maxShown }),
      listWebhookEvents({ db }, { limit: maxShown, unprocessed: true }),
    ]);
    const lines = [
      ...payments.map(
        ({ paymentId, why, amountPaise, currency, receivedAt }) =>
          `payment ${paymentId}: ${currency === 'INR' ? formatInr(amountPaise) : `${amountPaise} ${currency}`}, ${why}, ${receivedAt}`,
      ),
      ...events.items.map(
        ({ eventId, type, attempts, lastError }) =>
          `event ${eventId}: ${type}, ${attempts} attempts, ${lastError ?? 'never tried'}`,
      ),
    ];
    return {
      text: lines.length === 0 ? 'nothing waits for the operator' : lines.join('\n'),
      json: { payments, events: events.items },
      failed: lines.length > 0,
    };
  },
});
