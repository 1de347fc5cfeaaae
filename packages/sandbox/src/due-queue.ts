/** Something to do at an instant; what came first goes first at a tie. */
export interface Due {
  atMs: number;
  sequence: number;
  id: string;
}

/** A binary heap: adding and taking are O(log n), however many wait. */
export interface DueQueue {
  add(due: Due): void;
  peek(): Due | undefined;
  take(): Due | undefined;
  clear(): void;
}

const isBefore = (a: Due, b: Due): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);

export function createDueQueue(): DueQueue {
  let heap: Due[] = [];

  const swapUp = (start: number) => {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!swapIfBefore(at, parent)) return;
      at = parent;
    }
  };

  /** Puts the earlier of the two into the place nearer to the top. */
  const swapIfBefore = (child: number, parent: number): boolean => {
    const low = heap[child];
    const high = heap[parent];
    if (low === undefined || high === undefined || !isBefore(low, high)) return false;
    heap[parent] = low;
    heap[child] = high;
    return true;
  };

  const sinkFromTop = () => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) return;
      const earlier = b !== undefined && isBefore(b, a) ? left + 1 : left;
      if (!swapIfBefore(earlier, at)) return;
      at = earlier;
    }
  };

  return {
    add(due) {
      heap.push(due);
      swapUp(heap.length - 1);
    },
    peek: () => heap[0],
    take() {
      const top = heap[0];
      const last = heap.pop();
      if (top === undefined || last === undefined || heap.length === 0) return top;
      heap[0] = last;
      sinkFromTop();
      return top;
    },
    clear() {
      heap = [];
    },
  };
}
