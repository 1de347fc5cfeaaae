/**
 * A fresh idempotency key: 128 random bits as hex. Make one for each thing the user means to do once, and send it with
 * every repetition of that call. Works in browsers on plain http too, where `crypto.randomUUID` does not exist.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
