import { type NextFetchEvent, type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy } from './lib/content-security-policy.ts';
import { webEnv } from './server/env.ts';
import { refuseUnreadablePath } from './server/unreadable-path.ts';

/** What every page passes on its way: sign-in where Clerk does it, and the policy of what a page may load. */
export default async function proxy(request: NextRequest, event: NextFetchEvent) {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith('/api/')) return refuseUnreadablePath(pathname) ?? NextResponse.next();
  const { razorpayCheckoutUrl, clerkPublishableKey, development } = webEnv();
  const response = (await passClerk(request, event)) ?? NextResponse.next();
  response.headers.set(
    'Content-Security-Policy',
    contentSecurityPolicy({
      checkoutUrl: razorpayCheckoutUrl,
      clerkPublishableKey,
      development,
    }),
  );
  return response;
}

/**
 * Lets Clerk renew its session cookie on the way to a page. Loaded only where Clerk is configured: its middleware
 * answers 500 without keys. The API checks tokens itself and is left alone.
 */
async function passClerk(request: NextRequest, event: NextFetchEvent) {
  const { clerk } = webEnv();
  if (clerk === null) return null;
  const { clerkMiddleware } = await import('@clerk/nextjs/server');
  // Not the secret key: it stays in the environment, where Clerk finds it; handed over, Clerk would demand another key
  // to encrypt it with. The publishable one is handed over because Next writes its value at build time into Clerk's code.
  const { publishableKey, jwtKey } = clerk;
  return clerkMiddleware({ publishableKey, jwtKey })(request, event);
}

export const config = {
  // Pages only: no build output, no files, and of the API nothing but paths with escapes.
  matcher: ['/((?!api/|_next/|.*\\.[\\w]+$).*)', '/api/(.*%.*)'],
};
