import type { TRPCBuiltRouter, TRPCDecorateCreateRouterOptions } from '@trpc/server';
import { type ErrorShape, t } from './procedure.ts';
import { clockProcedures } from './routers/clock.ts';
import { generationProcedures } from './routers/generations.ts';
import { keyProcedures } from './routers/keys.ts';
import { ledgerProcedures } from './routers/ledger.ts';
import { sessionProcedures } from './routers/sessions.ts';
import { topupProcedures } from './routers/topups.ts';

/** Every procedure, as a plain record: their types are inputs and outputs alone. */
export const procedures = {
  hourlyUsage: {
    ...sessionProcedures,
    ...topupProcedures,
    ...generationProcedures,
    ...ledgerProcedures,
    ...clockProcedures,
    keys: keyProcedures,
  },
};

export const router = t.router(procedures);

/** What clients know of the router: inputs, outputs and errors, nothing of the server behind it. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  TRPCDecorateCreateRouterOptions<typeof procedures>
>;
