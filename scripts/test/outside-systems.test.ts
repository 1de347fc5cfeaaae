import { expect, test } from 'vitest';
import { realSystems } from '../environment/outside-systems.ts';

const razorpay = {
  RAZORPAY_KEY_ID: 'rzp_test_1',
  RAZORPAY_KEY_SECRET: 'a',
  RAZORPAY_WEBHOOK_SECRET: 'b',
};
const live = { ...razorpay, RAZORPAY_KEY_ID: 'rzp_live_1' };
const runpod = { RUNPOD_ENDPOINT_URL: 'https://api.runpod.ai/v2/x', RUNPOD_API_KEY: 'c' };
const clerk = {
  CLERK_SECRET_KEY: 'd',
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'e',
  CLERK_JWT_KEY: 'f',
};

test('each system is real as soon as all its variables are set', () => {
  expect(realSystems({})).toEqual({ Razorpay: false, RunPod: false, Clerk: false });
  expect(realSystems(razorpay)).toEqual({ Razorpay: true, RunPod: false, Clerk: false });
  expect(realSystems({ ...live, ...runpod, ...clerk, RAZORPAY_API_URL: 'http://x' })).toEqual({
    Razorpay: true,
    RunPod: true,
    Clerk: true,
  });
});

test('a set given in part is refused, and everything missing is named at once', () => {
  const part = { RAZORPAY_KEY_ID: 'rzp_test_1', CLERK_JWT_KEY: 'f', ...runpod };
  const refused = () => realSystems(part);
  expect(refused).toThrow(/RAZORPAY_KEY_SECRET, RAZORPAY_WEBHOOK_SECRET missing/);
  expect(refused).toThrow(/CLERK_SECRET_KEY, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY missing/);
  expect(refused).not.toThrow(/RunPod/);
  expect(() => realSystems({ RAZORPAY_API_URL: 'http://x' })).toThrow('RAZORPAY_KEY_ID');
});

test('live keys never meet the demo door or a stand-in', () => {
  expect(() => realSystems({ ...live, ...runpod })).toThrow('CLERK_SECRET_KEY');
  expect(() => realSystems({ ...live, ...clerk })).toThrow('RUNPOD_API_KEY');
  expect(() => realSystems({ ...live, ...runpod, ...clerk, HOURLY_DEMO: '1' })).toThrow(
    'HOURLY_DEMO=1',
  );
});
