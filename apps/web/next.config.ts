import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';
import { clerkOriginOf, contentSecurityPolicy } from './src/lib/content-security-policy.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const policy = contentSecurityPolicy({
  clerkOrigin: clerkOriginOf(process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY),
  development: process.env.NODE_ENV === 'development',
});

const securityHeaders = [
  { key: 'Content-Security-Policy', value: policy },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin-allow-popups' },
];

const config: NextConfig = {
  // Packages of ours export TypeScript source.
  transpilePackages: [
    '@hourly/api',
    '@hourly/contract',
    '@hourly/db',
    '@hourly/sdk',
    '@hourly/services',
  ],
  serverExternalPackages: ['pg', 'pino', '@prisma/adapter-pg', '@prisma/client'],
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [{ source: '/(.*)', headers: securityHeaders }],
};

export default config;
