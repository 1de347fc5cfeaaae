import { expect, test } from 'vitest';
import { EnvError, parseWebEnv } from '../../src/server/env.ts';
import { keyPair } from './clerk-tokens.ts';
import { clerkEnvironment, demoEnvironment } from './environment.ts';

const refusal = (variables: Record<string, string | undefined>): string => {
  try {
    parseWebEnv(variables);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return 'accepted';
};

test('an empty environment is told everything that is missing at once', () => {
  const message = refusal({});
  for (const name of [
    'DATABASE_URL',
    'RAZORPAY_KEY_ID, RAZORPAY_KEY_SECRET, RAZORPAY_WEBHOOK_SECRET',
    'RUNPOD_ENDPOINT_URL, RUNPOD_API_KEY',
    'CLERK_SECRET_KEY, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY',
  ]) {
    expect(message).toContain(name);
  }
});

test.each([
  ['RAZORPAY_WEBHOOK_SECRET'],
  ['RAZORPAY_KEY_SECRET'],
  ['RUNPOD_API_KEY'],
  ['CLERK_JWT_KEY'],
  ['CLERK_SECRET_KEY'],
  ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY'],
])('a set without %s is refused by that name, and so is an empty one', (name) => {
  const whole = clerkEnvironment(keyPair().publicPem);
  expect(refusal({ ...whole, [name]: undefined })).toMatch(new RegExp(`missing ${name} \\(`));
  expect(refusal({ ...whole, [name]: ' ' })).toMatch(new RegExp(`missing ${name} \\(`));
});

test('the demo signs in only without Clerk, and never with live Razorpay keys', () => {
  expect(parseWebEnv(demoEnvironment).demoSecret).toBe(demoEnvironment.HOURLY_DEMO_SECRET);
  expect(parseWebEnv(clerkEnvironment(keyPair().publicPem)).demoSecret).toBeNull();
  const live = { ...demoEnvironment, RAZORPAY_KEY_ID: 'rzp_live_1DP5mmOlF5G5ag' };
  expect(refusal(live)).toContain('live Razorpay keys');
  expect(refusal({ ...demoEnvironment, HOURLY_DEMO_SECRET: undefined })).toContain('CLERK_JWT_KEY');
  const liveWithClerk = { ...clerkEnvironment(keyPair().publicPem), RAZORPAY_KEY_ID: 'rzp_live_1' };
  expect(parseWebEnv(liveWithClerk).clerk).not.toBeNull();
});

test('a key that is no RSA public key is refused at the start', () => {
  expect(refusal(clerkEnvironment('nonsense'))).toContain('CLERK_JWT_KEY');
});

test('an address that is none is refused by name, its value unseen', () => {
  const message = refusal({
    ...demoEnvironment,
    DATABASE_URL: 'hunter2',
    RUNPOD_ENDPOINT_URL: 'x',
  });
  expect(message).toContain('DATABASE_URL');
  expect(message).toContain('RUNPOD_ENDPOINT_URL');
  expect(message).not.toContain('hunter2');
});

test('defaults', () => {
  const env = parseWebEnv(demoEnvironment);
  expect(env.razorpayCheckoutUrl).toBe('https://checkout.razorpay.com/v1/checkout.js');
  expect(env.models).toEqual(['flux-schnell', 'sdxl']);
  expect(parseWebEnv({ ...demoEnvironment, HOURLY_MODELS: ' a, ,b ' }).models).toEqual(['a', 'b']);
});
