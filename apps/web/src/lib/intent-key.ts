/** The key of one intent of the customer, kept until its outcome is known. */
export type Intent = { input: string; key: string };

/**
 * The idempotency key for a call: the last one when the same thing is asked again and its outcome is unknown, so that
 * trying again can't act twice; else a new one.
 */
export function intentFor(last: Intent | null, input: unknown, makeKey: () => string): Intent {
  const text = JSON.stringify(input);
  return last?.input === text ? last : { input: text, key: makeKey() };
}
