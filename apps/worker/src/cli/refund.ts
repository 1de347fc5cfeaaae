import { createHash } from 'node:crypto';
import { formatInr, formatUsd } from '@hourly/contract';
import { createRefund, type Database, type RefundRecord, refundKeptPayment } from '@hourly/db';
import { sendRefund } from '@hourly/services';
import { z } from 'zod';
import { type Cli, defineCommand, UsageError } from './command.ts';
import { rehearse } from './rehearse.ts';

/**
 * The ledger is debited first. Then Razorpay is told at once; when it does not answer, the worker goes on trying.
 */
export const refund = defineCommand({
  name: 'refund',
  usage: 'TOPUP --cents N [--key K] [--yes] | PAYMENT [--yes]',
  summary:
    'refunds a top-up, whole or in part, or a payment (pay_…) that was kept and never credited',
  options: { cents: { type: 'string' }, key: { type: 'string' }, yes: { type: 'boolean' } },
  positionals: ['id'],
  input: z.object({
    id: z.string().min(1),
    cents: z.coerce.number<string>().pipe(z.int().positive()).optional(),
    /** The same key again does not refund again. */
    key: z.string().min(1).max(255).optional(),
    yes: z.boolean().default(false),
  }),
  async run(cli, { id, cents, key, yes }) {
    const book = booking({ id, cents, key });
    if (!yes) {
      const refund = await rehearse(cli.db(), book);
      return {
        text: `would refund ${textOf(refund)}; nothing was changed, add --yes to do it`,
        json: { dryRun: true, refund },
      };
    }
    const { refund, isWaiting } = await send(cli, await book(cli.db()));
    return {
      text: `refunded ${textOf(refund)}${isWaiting ? '; Razorpay did not answer, the worker goes on trying' : ''}`,
      json: { dryRun: false, refund },
      failed: refund.status === 'failed',
    };
  },
});

function booking(input: { id: string; cents: number | undefined; key: string | undefined }) {
  const { id, cents, key } = input;
  if (id.startsWith('pay_')) {
    if (cents !== undefined || key !== undefined) {
      throw new UsageError('a kept payment is refunded whole and once: no --cents, no --key');
    }
    return (db: Database) => refundKeptPayment(db, { paymentId: id });
  }
  if (cents === undefined) throw new UsageError('--cents: say how much of the top-up');
  const inputHash = createHash('sha256').update(`${id} ${cents}`).digest('hex');
  const request = key === undefined ? undefined : { key, inputHash };
  return (db: Database) => createRefund(db, { topupId: id, amountCents: cents, request });
}

async function send(
  cli: Cli,
  booked: RefundRecord,
): Promise<{ refund: RefundRecord; isWaiting: boolean }> {
  if (booked.status !== 'pending') return { refund: booked, isWaiting: false };
  const ctx = cli.services();
  try {
    return { refund: await sendRefund(ctx, { refundId: booked.id }), isWaiting: false };
  } catch (error) {
    ctx.log.warn({ err: error, refundId: booked.id }, 'the refund could not be sent yet');
    return { refund: booked, isWaiting: true };
  }
}

const textOf = ({ id, amountCents, amountPaise, status, paymentId }: RefundRecord) =>
  `${amountCents > 0 ? `${formatUsd(amountCents)} as ` : ''}${formatInr(amountPaise)} of ${paymentId ?? 'a test top-up'} (refund ${id}, ${status})`;
