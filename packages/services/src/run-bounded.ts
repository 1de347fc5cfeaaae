/**
 * Runs `work` for every item, at most `atOnce` at a time. One item's failure goes to `onError` and stops none of the
 * others; an aborted `signal` lets the running ones end and begins no more.
 */
export async function runBounded<Item>(
  items: readonly Item[],
  options: {
    atOnce: number;
    work: (item: Item) => Promise<void>;
    onError: (error: unknown, item: Item) => void;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length && options.signal?.aborted !== true) {
      const item = items[next++] as Item;
      try {
        await options.work(item);
      } catch (error) {
        options.onError(error, item);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.atOnce, items.length) }, lane));
}
