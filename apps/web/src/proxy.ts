import { type NextFetchEvent, type NextRequest, NextResponse } from 'next/server';
import { webEnv } from './server/env.ts';

/**
 * Lets Clerk renew its session cookie on the way to a page. Loaded only where Clerk is configured: its middleware
 * answers 500 without keys. The API checks tokens itself and is left alone.
 */
export default async function proxy(request: NextRequest, event: NextFetchEvent) {
  const { clerk } = webEnv();
  if (clerk === null) return NextResponse.next();
  const { clerkMiddleware } = await import('@clerk/nextjs/server');
  return clerkMiddleware(clerk)(request, event);
}

export const config = {
  // Pages only: no API, no build output, no files.
  matcher: ['/((?!api/|_next/|.*\\.[\\w]+$).*)'],
};
