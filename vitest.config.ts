import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.{ts,tsx}', 'scripts/test/**/*.test.ts'],
    // Real processes and real databases: forks isolate them, and two keep a small machine usable.
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: './scripts/test/global-setup.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
