/** A whole environment of the web app with the demo's sign-in. */
export const demoEnvironment = {
  DATABASE_URL: 'postgres://hourly@127.0.0.1:5432/hourly',
  RAZORPAY_KEY_ID: 'rzp_test_1DP5mmOlF5G5ag',
  RAZORPAY_KEY_SECRET: 'key secret',
  RAZORPAY_WEBHOOK_SECRET: 'webhook secret',
  RUNPOD_ENDPOINT_URL: 'http://127.0.0.1:3001/v2/sandbox',
  RUNPOD_API_KEY: 'runpod key',
  HOURLY_DEMO_SECRET: '0123456789abcdef0123456789abcdef',
} as const;

/** The same with Clerk's sign-in, whose tokens are checked with `publicKey` (PEM). */
export const clerkEnvironment = (publicKey: string) => ({
  ...demoEnvironment,
  CLERK_SECRET_KEY: 'sk_test_secret',
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_test_Y2xlcmsuZXhhbXBsZS5jb20k',
  CLERK_JWT_KEY: publicKey,
});
