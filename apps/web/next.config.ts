import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

// The Content-Security-Policy depends on how the server was started, so src/proxy.ts sends it.
const securityHeaders = [
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin-allow-popups' },
];

const config: NextConfig = {
  // A running server keeps the build that it was started with, whatever is built beside it.
  distDir: process.env.HOURLY_WEB_BUILD ?? '.next',
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
  // Clerk's libraries report on their use unless told not to.
  env: { NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1' },
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [{ source: '/(.*)', headers: securityHeaders }],
};

export default config;
