import { z } from 'zod';

/** The flat body of a REST error; in tRPC the same fields stand in `error.data`. Further fields depend on the reason. */
export const errorBody = z.looseObject({
  message: z.string(),
  /** tRPC's name for the status, e.g. `CONFLICT`. */
  code: z.string(),
  /** One of the closed list of reasons. */
  reason: z.string(),
  requestId: z.string(),
});
export type ErrorBody = z.infer<typeof errorBody>;
