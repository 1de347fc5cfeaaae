import { describe, expect, it } from 'vitest';
import { clerkOriginOf, contentSecurityPolicy } from '../src/lib/content-security-policy.ts';

const razorpay = 'https://checkout.razorpay.com/v1/checkout.js';
const standIn = 'http://localhost:3001/v1/checkout.js';

const sources = (policy: string, name: string) =>
  policy
    .split('; ')
    .find((directive) => directive.startsWith(`${name} `))
    ?.split(' ')
    .slice(1);

describe('contentSecurityPolicy', () => {
  it('lets nobody frame the pages and evaluates no strings', () => {
    const policy = contentSecurityPolicy({ checkoutUrl: razorpay, clerkPublishableKey: null });
    expect(sources(policy, 'frame-ancestors')).toEqual(["'none'"]);
    expect(policy).not.toContain('unsafe-eval');
  });

  it('lets the browser reach this server and whoever takes the payment, nobody else', () => {
    const real = contentSecurityPolicy({ checkoutUrl: razorpay, clerkPublishableKey: null });
    expect(sources(real, 'connect-src')).toEqual(["'self'", 'https://*.razorpay.com']);
    const demo = contentSecurityPolicy({ checkoutUrl: standIn, clerkPublishableKey: null });
    expect(sources(demo, 'connect-src')).toEqual(["'self'", 'http://localhost:3001']);
  });

  it('allows Clerk, on a domain of the operator too, where Clerk signs people in', () => {
    const clerkPublishableKey = `pk_live_${btoa('clerk.example.com$')}`;
    const policy = contentSecurityPolicy({ checkoutUrl: razorpay, clerkPublishableKey });
    expect(sources(policy, 'script-src')).toContain('https://clerk.example.com');
    expect(sources(policy, 'frame-src')).toContain('https://*.clerk.com');
  });
});

describe('clerkOriginOf', () => {
  it('reads the host from the publishable key', () => {
    const key = `pk_live_${btoa('clerk.example.com$')}`;
    expect(clerkOriginOf(key)).toBe('https://clerk.example.com');
  });

  it('knows nothing without a readable key', () => {
    expect(clerkOriginOf('')).toBeUndefined();
    expect(clerkOriginOf('pk_live_')).toBeUndefined();
  });
});
