import { Refusal } from '@hourly/contract';
import { cookies, headers } from 'next/headers';
import { webEnv } from '../env.ts';
import { originOf } from '../origin.ts';
import { demoCookieName, demoCookieSeconds, demoCustomers, sealDemoCookie } from './demo-cookie.ts';

export { type DemoCustomer, demoCustomers } from './demo-cookie.ts';

/** Is sign-in the demo's? Only without Clerk's variables, and never with live Razorpay keys. */
export const demoEnabled = (): boolean => webEnv().demoSecret !== null;

/**
 * Signs in as one of the demo's customers. For server actions and route handlers, which can set cookies.
 * @throws Refusal FORBIDDEN when the demo's sign-in is off or does not know the customer.
 */
export async function signInDemo(userId: string): Promise<void> {
  const secret = webEnv().demoSecret;
  if (secret === null || !demoCustomers.some((known) => known.userId === userId))
    throw new Refusal('FORBIDDEN');
  (await cookies()).set(demoCookieName, sealDemoCookie(userId, secret, Date.now()), {
    ...(await cookieAttributes()),
    maxAge: demoCookieSeconds,
  });
}

/** Signs the demo's customer out. For server actions and route handlers. */
export async function signOutDemo(): Promise<void> {
  (await cookies()).set(demoCookieName, '', { ...(await cookieAttributes()), maxAge: 0 });
}

async function cookieAttributes() {
  const origin = webEnv().publicUrl ?? originOf(await headers(), 'http://localhost');
  const secure = origin.startsWith('https:');
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}
