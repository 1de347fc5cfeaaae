import type { Environment } from './env-file.ts';

const PRODUCT_VARIABLES =
  /^(PORT|DATABASE_URL|DIRECT_URL|HOURLY_DEMO.*|HOURLY_DATA_DIR|HOURLY_MODELS|HOURLY_OPERATORS|HOURLY_PUBLIC_URL|HOURLY_SELLER_.*|HOURLY_GST_.*|HOURLY_SAC_CODE|HOURLY_PLACE_OF_SUPPLY|RAZORPAY_.*|RUNPOD_.*|CLERK_.*|NEXT_PUBLIC_.*)$/;

/** Whether a variable says how the product is set up: its addresses, its keys, its database. */
export const isProductVariable = (name: string): boolean => PRODUCT_VARIABLES.test(name);

/** What is left for programs that the operator's keys and database are no business of: PATH, proxies, a locale. */
export const machineVariables = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !isProductVariable(name)));
