const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborted when this process is asked to stop: by a signal, or by npm's death (npm that is killed
 * with -9 tells nobody). A second signal, or `stop` taking too long, is for the caller to handle.
 */
export function stopSignal(onImpatience: () => void): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) onImpatience();
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
