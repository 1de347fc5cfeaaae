import { webEnv } from './server/env.ts';

/** Runs once when the server starts: an environment that cannot work stops it there, not at the first request. */
export function register(): void {
  webEnv();
}
