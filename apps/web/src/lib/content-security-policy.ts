/**
 * Next writes headers into the build, and which origins serve the checkout is known only at start, so the policy
 * names every origin that it can be: Razorpay's own, and loopback for the stand-in (a visitor's own machine).
 */
const razorpay = 'https://*.razorpay.com';
const loopback = ['http://localhost:*', 'http://127.0.0.1:*'];
const clerk = [
  'https://*.clerk.accounts.dev',
  'https://*.clerk.com',
  'https://challenges.cloudflare.com',
];

/**
 * The Content-Security-Policy of every page.
 *
 * @param options.clerkOrigin origin of Clerk's frontend when it runs on a domain of the operator
 * @param options.development lets React's development build evaluate strings
 */
export function contentSecurityPolicy(
  options: { clerkOrigin?: string | undefined; development?: boolean } = {},
): string {
  const authentication = options.clerkOrigin ? [...clerk, options.clerkOrigin] : clerk;
  const outside = [razorpay, ...loopback, ...authentication];
  const directives: Record<string, string[]> = {
    'default-src': ["'self'"],
    // Next starts pages from inline scripts, and a nonce would make every page dynamic.
    'script-src': [
      "'self'",
      "'unsafe-inline'",
      ...(options.development ? ["'unsafe-eval'"] : []),
      ...outside,
    ],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', 'https://img.clerk.com', razorpay, ...loopback],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...outside, ...(options.development ? ['ws:'] : [])],
    'frame-src': ["'self'", ...outside],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'", razorpay, ...loopback],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

/**
 * Origin of Clerk's frontend, which is written into its publishable key; undefined without a readable key.
 *
 * @see https://clerk.com/docs/guides/development/clerk-environment-variables
 */
export function clerkOriginOf(publishableKey: string | undefined): string | undefined {
  const encoded = /^pk_(?:test|live)_(.+)$/.exec(publishableKey ?? '')?.[1];
  if (!encoded) return undefined;
  const host = atob(encoded).replace(/\$$/, '');
  return /^[\w.-]+$/.test(host) ? `https://${host}` : undefined;
}
