import type { WebEnv } from '../env.ts';
import { originOf } from '../origin.ts';
import { verifyClerkToken } from './clerk.ts';
import { demoCookieName, demoCustomerOf } from './demo-cookie.ts';

export interface SignedIn {
  userId: string;
  /** Null when the sign-in tells none. */
  name: string | null;
}

/** What identifies a browser: its headers and its cookies by name. */
export interface Credentials {
  headers: Pick<Headers, 'get'>;
  cookie: (name: string) => string | undefined;
}

/**
 * Who is signed in: by Clerk where it is configured, else by the demo's cookie. Null when nobody.
 * API keys are none of its business; they are checked before it.
 */
export async function authenticate(
  env: WebEnv,
  { headers, cookie }: Credentials,
): Promise<SignedIn | null> {
  if (env.demoSecret !== null) return demoCustomerOf(cookie(demoCookieName), env.demoSecret);
  if (env.clerk === null) return null;
  const token = bearerOf(headers) ?? cookie('__session');
  if (!token) return null;
  const origin = env.publicUrl ?? originOf(headers, 'http://localhost');
  const user = await verifyClerkToken(token, { jwtKey: env.clerk.jwtKey, origin });
  return user;
}

function bearerOf(headers: Pick<Headers, 'get'>): string | undefined {
  const token = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return token?.startsWith('hk_') ? undefined : token;
}
