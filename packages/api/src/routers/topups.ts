import {
  balance,
  byIdInput,
  confirmTopupInput,
  pageInput,
  pageOf,
  topup,
  topupInput,
} from '@hourly/contract';
import { getBalance, getTopup, listTopups } from '@hourly/db';
import { confirmTopup, createTopup, presentTopup } from '@hourly/services';
import { noInput } from '../inputs.ts';
import { mutationOf } from '../mutation.ts';
import { procedure, rest } from '../procedure.ts';

export const topupProcedures = {
  topup: procedure
    .meta(rest('POST', '/topup', 'Balance', 'Begin a top-up: an order for the checkout to pay'))
    .input(topupInput)
    .output(topup)
    .mutation(({ ctx, input }) =>
      createTopup(ctx.services, {
        amountCents: input.amountCents,
        ...mutationOf(ctx, input),
      }),
    ),

  confirmTopup: procedure
    .meta(rest('POST', '/topup/confirm', 'Balance', 'Report a payment that the checkout made'))
    .input(confirmTopupInput)
    .output(topup)
    .mutation(({ ctx, input }) =>
      confirmTopup(ctx.services, {
        orderId: input.razorpay_order_id,
        paymentId: input.razorpay_payment_id,
        signature: input.razorpay_signature,
        ...mutationOf(ctx, input),
      }),
    ),

  balance: procedure
    .meta(rest('GET', '/topup', 'Balance', 'The balance, the plan and the commitment'))
    .input(noInput)
    .output(balance)
    .query(({ ctx }) => getBalance(ctx.services.db, ctx.caller)),

  topups: procedure
    .meta(rest('GET', '/topups', 'Balance', 'All top-ups, newest first'))
    .input(pageInput)
    .output(pageOf(topup))
    .query(async ({ ctx, input }) => {
      const { accountId } = ctx.caller;
      const page = await listTopups(ctx.services.db, { accountId, page: input });
      return { ...page, items: page.items.map((item) => presentTopup(ctx.services, item)) };
    }),

  topupById: procedure
    .meta(rest('GET', '/topups/{id}', 'Balance', 'A top-up'))
    .input(byIdInput)
    .output(topup)
    .query(async ({ ctx, input }) => {
      const { accountId } = ctx.caller;
      const found = await getTopup(ctx.services.db, { accountId, id: input.id });
      return presentTopup(ctx.services, found);
    }),
};
