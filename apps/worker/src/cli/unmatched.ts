import { formatInr } from '@hourly/contract';
import { z } from 'zod';
import { defineCommand } from './command.ts';

const maxShown = 500;
/** An event has been tried a few times by then. */
const restingMs = 10 * 60 * 1000;

export const unmatched = defineCommand({
  name: 'unmatched',
  usage: '',
  summary: 'lists payments that were never credited and events that could not be processed',
  input: z.object({}),
  async run(cli) {
    const { prisma } = cli.db();
    const [payments, events] = await Promise.all([
      prisma.payment.findMany({
        where: { status: 'kept' },
        orderBy: { createdAt: 'desc' },
        take: maxShown,
      }),
      prisma.webhookEvent.findMany({
        where: { processedAt: null, receivedAt: { lt: new Date(Date.now() - restingMs) } },
        orderBy: { receivedAt: 'desc' },
        take: maxShown,
        select: { eventId: true, type: true, receivedAt: true, attempts: true, lastError: true },
      }),
    ]);
    const refunds = await prisma.refund.findMany({
      where: {
        paymentId: { in: payments.map(({ paymentId }) => paymentId) },
        status: { not: 'failed' },
      },
    });
    const kept = payments.map((payment) => {
      const refundedPaise = refunds
        .filter(({ paymentId }) => paymentId === payment.paymentId)
        .reduce((sum, { amountPaise }) => sum + Number(amountPaise), 0);
      return {
        paymentId: payment.paymentId,
        orderId: payment.orderId,
        topupId: payment.topupId,
        why: payment.why,
        amountPaise: Number(payment.amountPaise),
        currency: payment.currency,
        refundedPaise,
        createdAt: payment.createdAt.toISOString(),
      };
    });
    const open = kept.filter(({ amountPaise, refundedPaise }) => refundedPaise < amountPaise);
    const lines = [
      ...open.map(
        ({ paymentId, why, amountPaise, currency, createdAt }) =>
          `payment ${paymentId}: ${currency === 'INR' ? formatInr(amountPaise) : `${amountPaise} ${currency}`}, ${why}, ${createdAt}`,
      ),
      ...events.map(
        ({ eventId, type, attempts, lastError }) =>
          `event ${eventId}: ${type}, ${attempts} attempts, ${lastError ?? 'never tried'}`,
      ),
    ];
    return {
      text: lines.length === 0 ? 'nothing waits for the operator' : lines.join('\n'),
      json: { payments: open, events },
      failed: lines.length > 0,
    };
  },
});
