import { createHmac, timingSafeEqual } from 'node:crypto';

export interface DemoCustomer {
  userId: string;
  name: string;
}

/** Whoever runs the place: the demo's view of the operator's page. */
export const demoOperator: DemoCustomer = { userId: 'demo_operator', name: 'Operator' };

/** Whom the demo's sign-in offers to be. */
export const demoCustomers: readonly DemoCustomer[] = [
  { userId: 'demo_studio', name: 'Studio' },
  { userId: 'demo_agency', name: 'Agency' },
  { userId: 'demo_hobbyist', name: 'Hobbyist' },
  demoOperator,
];

export const demoCookieName = 'hourly_demo';
export const demoCookieSeconds = 30 * 24 * 3600;

/** The cookie's value that says, until `nowMs` and 30 days, that this is the customer. */
export function sealDemoCookie(userId: string, secret: string, nowMs: number): string {
  const expiresAt = Math.floor(nowMs / 1000) + demoCookieSeconds;
  const claim = `${userId}.${expiresAt}`;
  return `${claim}.${signatureOf(claim, secret)}`;
}

/** Who the cookie says it is; null when it is forged, torn or expired. */
export function openDemoCookie(value: string, secret: string, nowMs: number): string | null {
  const [userId, expiresAt, signature, ...rest] = value.split('.');
  if (!userId || !expiresAt || !signature || rest.length > 0) return null;
  if (!isEqual(signature, signatureOf(`${userId}.${expiresAt}`, secret))) return null;
  return Number(expiresAt) * 1000 > nowMs ? userId : null;
}

/** The demo's customer whom this cookie's value names; null when it names nobody. */
export function demoCustomerOf(value: string | undefined, secret: string): DemoCustomer | null {
  const userId = value === undefined ? null : openDemoCookie(value, secret, Date.now());
  return demoCustomers.find((customer) => customer.userId === userId) ?? null;
}

const signatureOf = (claim: string, secret: string) =>
  createHmac('sha256', secret).update(`hourly demo cookie\n${claim}`).digest('base64url');

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
