/**
 * Waits `ms` milliseconds.
 * @throws the signal's reason once it is aborted
 */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Waits until the browser has a connection; not at all when it has one.
 * @throws the signal's reason once it is aborted
 */
export function untilOnline(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (navigator.onLine) return resolve();
    const settled = new AbortController();
    const listen = { once: true, signal: settled.signal };
    const settle = (how: () => void) => {
      settled.abort();
      how();
    };
    window.addEventListener('online', () => settle(resolve), listen);
    signal.addEventListener('abort', () => settle(() => reject(signal.reason)), listen);
  });
}
