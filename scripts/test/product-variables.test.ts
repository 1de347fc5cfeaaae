import { expect, test } from 'vitest';
import { machineVariables } from '../environment/product-variables.ts';

test('the stand-ins are told nothing of the real keys and the real database', () => {
  const environment = {
    PATH: '/bin',
    HTTPS_PROXY: 'http://proxy',
    SANDBOX_GENERATION_MS: '10',
    DATABASE_URL: 'postgresql://owner:secret@db/hourly',
    DIRECT_URL: 'postgresql://owner:secret@db/hourly',
    RAZORPAY_KEY_SECRET: 'secret',
    RUNPOD_API_KEY: 'secret',
    CLERK_SECRET_KEY: 'secret',
    HOURLY_DEMO_SECRET: 'secret',
  };
  expect(machineVariables(environment)).toEqual({
    PATH: '/bin',
    HTTPS_PROXY: 'http://proxy',
    SANDBOX_GENERATION_MS: '10',
  });
});
