import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What the test broke on purpose, how often: `npm test` sums it up. */
    faults?: Record<string, number>;
  }
}

/** Counts faults that the test injects. */
export function injected({ task }: TestContext, kind: string, times = 1): void {
  task.meta.faults ??= {};
  task.meta.faults[kind] = (task.meta.faults[kind] ?? 0) + times;
}
