import { advanceClockInput, clock } from '@hourly/contract';
import { advanceClock } from '@hourly/db';
import { mutationOf } from '../mutation.ts';
import { procedure, rest } from '../procedure.ts';

export const clockProcedures = {
  advanceClock: procedure
    .meta(rest('POST', '/clock', 'Test mode', "Move a test account's clock forward"))
    .input(advanceClockInput)
    .output(clock)
    .mutation(({ ctx, input }) =>
      advanceClock(ctx.services.db, {
        advanceSeconds: input.advanceSeconds,
        ...mutationOf(ctx, input),
      }),
    ),
};
