'use server';

import { replayWebhookEvent } from '@hourly/services';
import { revalidatePath } from 'next/cache';
import { services } from '../../server/api.ts';
import { requireOperator } from '../../server/auth/operator.ts';

export interface ReplayState {
  outcome: 'idle' | 'processed' | 'failed';
}

/** Processes a stored event again; what it asks for never happens twice. */
export async function replayEvent(eventId: string): Promise<ReplayState> {
  const { userId } = await requireOperator();
  const ctx = services();
  ctx.log.info({ eventId, userId }, 'an operator replays a webhook event');
  const isDone = await replayWebhookEvent(ctx, { eventId });
  revalidatePath('/operator');
  return { outcome: isDone ? 'processed' : 'failed' };
}
