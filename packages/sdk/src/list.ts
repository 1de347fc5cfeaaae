import { HourlyError } from './errors.ts';
import type { Page } from './types.ts';

/** A list, newest first, that nothing was asked of yet. */
export interface List<Item> extends AsyncIterable<Item> {
  /** The page that the call's `cursor` names; the newest without it. */
  page(): Promise<Page<Item>>;
  /** Page after page, from that one to the last; each is fetched when it is asked for. */
  pages(): AsyncGenerator<Page<Item>, void, undefined>;
}

/** `fetchPage` reads the page at a cursor; `cursor` names the first one. */
export function listOf<Item>(
  cursor: string | null | undefined,
  fetchPage: (cursor: string | null | undefined) => Promise<Page<Item>>,
): List<Item> {
  async function* pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let next = cursor;
    do {
      const page = await fetchPage(next);
      yield page;
      if (page.nextCursor !== null && page.nextCursor === next) throw stuck(next);
      next = page.nextCursor;
    } while (next !== null && next !== undefined);
  }
  return {
    page: async () => fetchPage(cursor),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.items;
    },
  };
}

/** A list that never ends would keep its reader for ever. */
const stuck = (cursor: string) =>
  new HourlyError({
    reason: 'UNEXPECTED_RESPONSE',
    message: `The page at cursor ${cursor} names itself as the next one.`,
  });
