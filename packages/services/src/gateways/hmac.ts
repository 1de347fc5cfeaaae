import { createHmac, timingSafeEqual } from 'node:crypto';

/** Is `signature` the hex HMAC-SHA256 of `message`? Compared in constant time. */
export function isHmac(input: {
  secret: string;
  message: string | Uint8Array;
  signature: string;
}): boolean {
  const expected = createHmac('sha256', input.secret).update(input.message).digest();
  if (!/^[0-9a-f]{64}$/i.test(input.signature)) return false;
  return timingSafeEqual(expected, Buffer.from(input.signature, 'hex'));
}
