/**
 * The part of an `AbortSignal` that is used here. Written out, so that the types work with or without the DOM's.
 */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal that follows the caller's and also fires after a while. */
export interface LimitedSignal {
  signal: AbortSignal;
  /** Has the time run out (rather than the caller aborted)? */
  timedOut(): boolean;
  /** Stops the clock and lets go of the caller's signal. Always call it: signals may outlive many calls. */
  release(): void;
}

/** `AbortSignal.any` would do, but browsers that people still use lack it, and its timers cannot be stopped. */
export function signalWithTimeout(
  outer: AbortSignalLike | undefined,
  timeoutMs: number,
): LimitedSignal {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, timeoutMs);
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted) follow();
  else outer?.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    timedOut: () => expired,
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}

/** Resolves after a while, or as soon as the signal fires. Never rejects: look at `signal.aborted` afterwards. */
export function sleep(milliseconds: number, signal: AbortSignalLike | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
