const PRODUCT_VARIABLES =
  /^(PORT|DATABASE_URL|DIRECT_URL|HOURLY_DEMO.*|HOURLY_DATA_DIR|HOURLY_MODELS|HOURLY_PUBLIC_URL|RAZORPAY_.*|RUNPOD_.*|CLERK_.*|NEXT_PUBLIC_.*)$/;

/** Tests must not talk to what a developer works with, real keys least of all. */
export function forgetProductVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (PRODUCT_VARIABLES.test(name)) delete process.env[name];
  }
}
