import {
  byIdInput,
  endInput,
  pageInput,
  pageOf,
  session,
  sessionDetail,
  startInput,
  status,
  toggleInput,
} from '@hourly/contract';
import {
  endSession,
  getSession,
  getStatus,
  listSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { noInput } from '../inputs.ts';
import { mutationOf } from '../mutation.ts';
import { procedure, rest } from '../procedure.ts';

export const sessionProcedures = {
  start: procedure
    .meta(rest('POST', '/start', 'Sessions', 'Start a session and pay its first hour'))
    .input(startInput)
    .output(session)
    .mutation(({ ctx, input }) =>
      startSession(ctx.services.db, { ...input, ...mutationOf(ctx, input) }),
    ),

  toggle: procedure
    .meta(rest('POST', '/toggle', 'Sessions', 'Pause or resume the session'))
    .input(toggleInput)
    .output(session)
    .mutation(({ ctx, input }) =>
      toggleSession(ctx.services.db, { ...input, ...mutationOf(ctx, input) }),
    ),

  end: procedure
    .meta(rest('POST', '/end', 'Sessions', 'End the session'))
    .input(endInput)
    .output(session)
    .mutation(({ ctx, input }) =>
      endSession(ctx.services.db, { ...input, ...mutationOf(ctx, input) }),
    ),

  status: procedure
    .meta(rest('GET', '/end', 'Sessions', 'The open session and the balance, as they are now'))
    .input(noInput)
    .output(status)
    .query(({ ctx }) => getStatus(ctx.services.db, ctx.caller)),

  sessions: procedure
    .meta(rest('GET', '/sessions', 'Sessions', 'All sessions, newest first'))
    .input(pageInput)
    .output(pageOf(session))
    .query(({ ctx, input }) =>
      listSessions(ctx.services.db, { accountId: ctx.caller.accountId, page: input }),
    ),

  session: procedure
    .meta(rest('GET', '/sessions/{id}', 'Sessions', 'A session with its segments and charges'))
    .input(byIdInput)
    .output(sessionDetail)
    .query(({ ctx, input }) =>
      getSession(ctx.services.db, { accountId: ctx.caller.accountId, id: input.id }),
    ),
};
