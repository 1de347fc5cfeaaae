import { getWebhookEvent } from '@hourly/db';
import { replayWebhookEvent } from '@hourly/services';
import { z } from 'zod';
import { defineCommand } from './command.ts';

export const replayWebhook = defineCommand({
  name: 'replay-webhook',
  usage: 'ID [--yes]',
  summary: "processes a stored event of Razorpay's again; what it asks for never happens twice",
  options: { yes: { type: 'boolean' } },
  positionals: ['id'],
  input: z.object({ id: z.string().min(1), yes: z.boolean().default(false) }),
  async run(cli, { id, yes }) {
    const { body: _body, ...event } = await getWebhookEvent(cli.db(), { eventId: id });
    const was = event.processedAt
      ? `processed at ${event.processedAt}`
      : `not processed after ${event.attempts} attempts (${event.lastError ?? 'no error'})`;
    const what = `${event.type} ${id}, received at ${event.receivedAt}, ${was}`;
    if (!yes) {
      return {
        text: `would replay ${what}; nothing was changed, add --yes to do it`,
        json: { dryRun: true, event },
      };
    }
    const isDone = await replayWebhookEvent(cli.services(), { eventId: id });
    const { lastError } = await getWebhookEvent(cli.db(), { eventId: id });
    return {
      text: isDone ? `replayed ${what}` : `could not process ${what}: ${lastError}`,
      json: { dryRun: false, processed: isDone, event },
      failed: !isDone,
    };
  },
});
