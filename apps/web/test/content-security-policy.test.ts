import { describe, expect, it } from 'vitest';
import { clerkOriginOf, contentSecurityPolicy } from '../src/lib/content-security-policy.ts';

describe('contentSecurityPolicy', () => {
  it('lets nobody frame the pages and evaluates no strings', () => {
    const policy = contentSecurityPolicy();
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
  });

  it('allows the checkout and Clerk on a domain of the operator', () => {
    const scripts = contentSecurityPolicy({ clerkOrigin: 'https://clerk.example.com' })
      .split('; ')
      .find((directive) => directive.startsWith('script-src'));
    expect(scripts).toContain('https://*.razorpay.com');
    expect(scripts).toContain('https://clerk.example.com');
  });
});

describe('clerkOriginOf', () => {
  it('reads the host from the publishable key', () => {
    const key = `pk_live_${btoa('clerk.example.com$')}`;
    expect(clerkOriginOf(key)).toBe('https://clerk.example.com');
  });

  it('knows nothing without a key', () => {
    expect(clerkOriginOf(undefined)).toBeUndefined();
    expect(clerkOriginOf('pk_live_')).toBeUndefined();
  });
});
