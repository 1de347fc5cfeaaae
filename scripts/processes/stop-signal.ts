const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SAME_SIGNAL_MS = 1_000;

/**
 * Aborted when this process is asked to stop: by a signal, or by npm's death (npm that is killed
 * with -9 tells nobody). `onImpatience` is told of further signals.
 */
export function stopSignal(onImpatience: () => void): AbortSignal {
  const controller = new AbortController();
  let abortedAt = Number.POSITIVE_INFINITY;
  controller.signal.addEventListener('abort', () => {
    abortedAt = performance.now();
  });
  for (const name of SIGNALS) {
    process.on(name, () => {
      // A terminal and npm may both pass on the same Ctrl-C.
      if (performance.now() - abortedAt > SAME_SIGNAL_MS) onImpatience();
      controller.abort(name);
    });
  }
  // Started by hand, outliving the shell that started it is no accident.
  if (process.env.HOURLY_UNDER_NPM === '1') {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) controller.abort('npm is gone');
    }, 500).unref();
  }
  return controller.signal;
}
