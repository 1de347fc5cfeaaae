'use client';

import { hourly, newIdempotencyKey } from '@hourly/sdk/react';
import { useCallback, useRef, useState } from 'react';
import { type Failure, failureOf } from '../lib/failure.ts';
import { type Intent, intentFor } from '../lib/intent-key.ts';

export type Action<Input, Output> = {
  /** Does nothing while the same action is under way. Answers null when it didn't go through. */
  run: (input: Input) => Promise<Output | null>;
  /** Does the same again as the last time, whatever the screen shows by now: an unanswered pause never resumes. */
  retry: () => void;
  pending: boolean;
  failure: Failure | null;
  clear: () => void;
  /** What became of the last try is known by now: the next one is a new intent. */
  forget: () => void;
};

/**
 * One thing that a customer can do: never twice at once, one idempotency key for a click and all retries of it, and
 * the failure to show where it happened.
 */
export function useAction<Input extends object, Output>(
  call: (input: Input & { idempotencyKey: string }) => Promise<Output>,
): Action<Input, Output> {
  const utils = hourly.useUtils();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const underWay = useRef(false);
  const intent = useRef<Intent | null>(null);
  const lastInput = useRef<Input | null>(null);

  const run = async (input: Input): Promise<Output | null> => {
    // State arrives with the next render; two clicks can come before it.
    if (underWay.current) return null;
    underWay.current = true;
    lastInput.current = input;
    setPending(true);
    setFailure(null);
    intent.current = intentFor(intent.current, input, newIdempotencyKey);
    try {
      const output = await call({ ...input, idempotencyKey: intent.current.key });
      intent.current = null;
      // The button comes back together with the state that it has brought about.
      await utils.hourlyUsage.status.invalidate();
      return output;
    } catch (error) {
      const failed = failureOf(error);
      if (!failed.uncertain) intent.current = null;
      setFailure(failed);
      return null;
    } finally {
      underWay.current = false;
      setPending(false);
    }
  };
  const retry = () => {
    if (lastInput.current) void run(lastInput.current);
  };
  const clear = useCallback(() => setFailure(null), []);
  const forget = useCallback(() => {
    intent.current = null;
  }, []);
  return { run, retry, forget, pending, failure, clear };
}
