/** Runs once when the server starts: an environment that cannot work ends it there, not at the first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next writes its value in at build time and leaves out what follows elsewhere.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { EnvError, webEnv } = await import('./server/env.ts');
  try {
    webEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    console.error(error.message);
    // Next reports what is thrown here and then stays up, answering 500 to everybody.
    process.exit(1);
  }
  const { rememberSeller } = await import('./server/remember-seller.ts');
  await rememberSeller();
}
