import { z } from 'zod';

/** An instant: ISO 8601 in UTC with milliseconds, `2026-01-31T10:00:00.000Z`. */
export const instant = z.iso.datetime({ precision: 3 });

/** An amount of US cents, whole. */
export const cents = z.int();

export const mode = z.enum(['live', 'test']);
export type Mode = z.infer<typeof mode>;

/** Names a resource of ours. Opaque to callers; one that cannot exist is NOT_FOUND, like one that does not. */
export const id = z.string().min(1);

/** Made once for each logical call and sent with every retry of it. */
export const idempotencyKey = z.string().min(1).max(255);

/** Fields of every mutation's input. */
export const mutationFields = { idempotencyKey: idempotencyKey.optional() };

/** Text that Postgres can store: no NUL character. */
export const text = z.string().refine((value) => !value.includes('\u0000'), {
  error: 'must not contain the NUL character',
});

/** Query strings carry numbers as text; programs carry numbers. Both mean the same. */
const limit = z.coerce.number<number | string>().pipe(z.int().min(1).max(100)).default(20);

export const pageInput = z
  .strictObject({
    /** `nextCursor` of the page before; absent for the newest page. */
    cursor: z
      .string()
      .regex(/^[1-9][0-9]{0,14}$/, { error: 'is not a cursor of ours' })
      .nullish(),
    limit: limit.optional(),
  })
  .optional();
export type PageInput = z.infer<typeof pageInput>;

/** A page of a list, newest first. `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export type Page<Item> = { items: Item[]; nextCursor: string | null };
