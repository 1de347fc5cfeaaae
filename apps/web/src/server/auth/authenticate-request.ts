import { webEnv } from '../env.ts';
import { authenticate, type SignedIn } from './authenticate.ts';
import { cookieOf } from './cookie-header.ts';

/** Who is signed in, by a plain request; null when nobody. */
export const authenticateRequest = (request: Request): Promise<SignedIn | null> =>
  authenticate(webEnv(), {
    headers: request.headers,
    cookie: (name) => cookieOf(request.headers.get('cookie'), name),
  });
