const clerk = [
  'https://*.clerk.accounts.dev',
  'https://*.clerk.com',
  'https://challenges.cloudflare.com',
];

/** Razorpay's checkout loads more of itself from its other hosts. */
const razorpay = 'https://*.razorpay.com';

/**
 * The Content-Security-Policy of every page: this server, whoever takes the payment and, where Clerk signs people in,
 * Clerk.
 *
 * @param options.checkoutUrl the script that the browser loads to pay
 * @param options.clerkPublishableKey null: the demo signs people in
 * @param options.development lets React's development build evaluate strings
 */
export function contentSecurityPolicy(options: {
  checkoutUrl: string;
  clerkPublishableKey: string | null;
  development?: boolean;
}): string {
  const checkoutOrigin = new URL(options.checkoutUrl).origin;
  const payment = checkoutOrigin.endsWith('.razorpay.com') ? razorpay : checkoutOrigin;
  const outside = [payment, ...clerkSources(options.clerkPublishableKey)];
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
    'img-src': ["'self'", 'data:', 'blob:', 'https://img.clerk.com', payment],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...outside, ...(options.development ? ['ws:'] : [])],
    'frame-src': ["'self'", ...outside],
    'worker-src': ["'self'", 'blob:'],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'", payment],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

function clerkSources(publishableKey: string | null): string[] {
  if (publishableKey === null) return [];
  const origin = clerkOriginOf(publishableKey);
  return origin === undefined ? clerk : [...clerk, origin];
}

/**
 * Origin of Clerk's frontend, which is written into its publishable key; undefined when it is not readable.
 *
 * @see https://clerk.com/docs/guides/development/clerk-environment-variables
 */
export function clerkOriginOf(publishableKey: string): string | undefined {
  const encoded = /^pk_(?:test|live)_(.+)$/.exec(publishableKey)?.[1];
  if (!encoded) return undefined;
  const host = atob(encoded).replace(/\$$/, '');
  return /^[\w.-]+$/.test(host) ? `https://${host}` : undefined;
}
