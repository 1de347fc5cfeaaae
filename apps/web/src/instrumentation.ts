import { EnvError, webEnv } from './server/env.ts';

/** Runs once when the server starts: an environment that cannot work ends it there, not at the first request. */
export function register(): void {
  try {
    webEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    // Next reports what is thrown here and then stays up, answering 500 to everybody.
    process.exit(1);
  }
}
