import { z } from 'zod';

/** Of procedures that need nothing: what is sent all the same was meant for something else. */
export const noInput = z.strictObject({}).optional();
