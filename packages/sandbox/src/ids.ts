import { randomInt } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 14;

/** A random id in Razorpay's form: prefix, underscore, 14 base62 characters. */
export function razorpayId(prefix: 'order' | 'pay' | 'rfnd' | 'disp' | 'evt' | 'dlv'): string {
  let id = `${prefix}_`;
  for (let i = 0; i < ID_LENGTH; i += 1) id += BASE62.charAt(randomInt(BASE62.length));
  return id;
}
