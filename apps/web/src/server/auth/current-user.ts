import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { webEnv } from '../env.ts';
import { authenticate, type SignedIn } from './authenticate.ts';

/** Who looks at this page, for server components, actions and route handlers; null when nobody is signed in. */
export const currentUser = cache(async (): Promise<SignedIn | null> => {
  const [requestHeaders, jar] = await Promise.all([headers(), cookies()]);
  return authenticate(webEnv(), {
    headers: requestHeaders,
    cookie: (name) => jar.get(name)?.value,
  });
});
