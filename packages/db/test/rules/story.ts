import { randomUUID } from 'node:crypto';
import {
  createTopup,
  type DisputeRecord,
  ensureAccount,
  type RefundRecord,
  type Request,
  setTopupOrder,
  type TopupRecord,
} from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { instantAfter } from './instants.ts';
import type { Step } from './read-step.ts';

/** A customer of an example, and what became of them so far. */
export interface Story {
  db: TestDatabase;
  accountId: string;
  mode: 'live' | 'test';
  begin: Date;
  /** The line's instant, for the calls of a live account; a test account has its own clock. */
  now: string;
  /** The session that was started last. */
  sessionId?: string;
  topup?: TopupRecord;
  refund?: RefundRecord;
  dispute?: DisputeRecord | undefined;
  generationId?: string;
}

/**
 * A new customer. The lines without a time say what is unusual: `a test account`, or when the example begins
 * (`it is 2024-03-10 06:30 UTC`). The past, so that the real clock never overtakes the example.
 */
export async function beginStory(db: TestDatabase, settings: Step[]): Promise<Story> {
  let mode: Story['mode'] = 'live';
  let begin = new Date('2024-01-08T00:00:00Z');
  for (const { action } of settings) {
    const [, day, time] = /^it is (\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/.exec(action) ?? [];
    if (action === 'a test account') mode = 'test';
    else if (day !== undefined) begin = new Date(`${day}T${time}Z`);
    else throw new Error(`neither a time nor a setting: ${action}`);
  }
  const { accountId } = await ensureAccount(db, { userId: randomUUID(), mode });
  await db.owner.query(
    `update hourly_account_balance
     set created_at = $2, as_of = $2, clock_at = case mode when 'test' then $2::timestamptz end
     where id = $1`,
    [accountId, begin],
  );
  return { db, accountId, mode, begin, now: instantAfter(begin, 0) };
}

/** Where calls of this line act: a live account at the line's instant, a test account by its own clock. */
export const nowOf = ({ mode, now }: Story): { now?: string } => (mode === 'live' ? { now } : {});

/** Creates a top-up, on a live account with its order at the provider. */
export async function orderTopup(
  story: Story,
  amountCents: number,
  request: Request | undefined,
): Promise<TopupRecord> {
  const { db, accountId } = story;
  const topup = await createTopup(db, { accountId, amountCents, request, ...nowOf(story) });
  if (story.mode === 'live') {
    await setTopupOrder(db, { topupId: topup.id, orderId: `order_${topup.id}` });
  }
  story.topup = topup;
  return topup;
}

/** The payment of the latest top-up, as the provider reports it. */
export function paymentOf({ topup }: Story) {
  if (topup === undefined) throw new Error('there is no top-up yet');
  const { id, amountInrPaise, inrPerUsd } = topup;
  return {
    topupId: id,
    orderId: `order_${id}`,
    paymentId: `pay_${id}`,
    amountPaise: amountInrPaise,
    inrPerUsd,
  };
}
