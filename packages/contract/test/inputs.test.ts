import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  advanceClockInput,
  confirmTopupInput,
  createApiKeyInput,
  endInput,
  generateInput,
  pageInput,
  startInput,
  toggleInput,
  topupInput,
  usageInput,
} from '../src/index.ts';

const cases: [string, z.ZodType, { accepts: unknown[]; refuses: unknown[] }][] = [
  [
    'start',
    startInput,
    {
      accepts: [
        undefined,
        {},
        { maxHours: 1 },
        { maxHours: 1000 },
        { maxHours: null, autoPauseMinutes: null },
        { hourEnd: 'pause', autoPauseMinutes: 1 },
        { hourEnd: 'continue', autoPauseMinutes: 1440 },
        { plan: 'hourly_standard' },
      ],
      refuses: [
        null,
        [],
        'start',
        { maxHours: 0 },
        { maxHours: -1 },
        { maxHours: 1001 },
        { maxHours: 1.5 },
        { maxHours: '2' },
        { autoPauseMinutes: 0 },
        { autoPauseMinutes: 1441 },
        { autoPauseMinutes: 0.5 },
        { hourEnd: 'stop' },
        { hourEnd: null },
        { plan: '' },
        { hours: 3 },
      ],
    },
  ],
  [
    'toggle',
    toggleInput,
    {
      accepts: [undefined, {}, { to: 'active' }, { to: 'paused', sessionId: 'x' }],
      refuses: [{ to: 'ended' }, { to: null }, { sessionId: '' }, { sessionId: 3 }, { at: 1 }],
    },
  ],
  ['end', endInput, { accepts: [undefined, {}, { sessionId: 'x' }], refuses: [{ reason: 'x' }] }],
  [
    'topup',
    topupInput,
    {
      // Limits belong to the plan; here it only has to be a number of cents.
      accepts: [{ amountCents: 10_000 }, { amountCents: 1 }, { amountCents: -1 }],
      refuses: [
        undefined,
        {},
        { amountCents: 10_000.5 },
        { amountCents: '10000' },
        { amountCents: Number.NaN },
        { amountCents: Number.POSITIVE_INFINITY },
        { amountCents: 2 ** 53 },
        { amountCents: null },
        { amountCents: 10_000, currency: 'INR' },
      ],
    },
  ],
  [
    'clock',
    advanceClockInput,
    {
      accepts: [0.000001, 1, 5400, 1.000001, 2_678_399.999999, 2_678_400].map((advanceSeconds) => ({
        advanceSeconds,
      })),
      refuses: [0, -1, 0.0000001, 1.0000001, 2_678_400.000001, Number.NaN, '60', null].map(
        (advanceSeconds) => ({ advanceSeconds }),
      ),
    },
  ],
  [
    'generate',
    generateInput,
    {
      accepts: [
        { prompt: 'a' },
        { prompt: 'a'.repeat(4000) },
        { prompt: 'a', waitSeconds: 0 },
        { prompt: 'a', waitSeconds: 60 },
        { prompt: 'a', params: { width: 64, height: 1536, steps: 1, seed: 0, count: 4 } },
        { prompt: 'a', params: { seed: 4_294_967_295, negativePrompt: '' } },
      ],
      refuses: [
        {},
        { prompt: '' },
        { prompt: ' \n\t' },
        { prompt: 'a'.repeat(4001) },
        { prompt: 'nul \u0000' },
        { prompt: 'a', waitSeconds: -1 },
        { prompt: 'a', waitSeconds: 61 },
        { prompt: 'a', params: { width: 63 } },
        { prompt: 'a', params: { height: 1537 } },
        { prompt: 'a', params: { count: 0 } },
        { prompt: 'a', params: { count: 5 } },
        { prompt: 'a', params: { steps: 0 } },
        { prompt: 'a', params: { seed: -1 } },
        { prompt: 'a', params: { negativePrompt: '\u0000' } },
        // Closed: nothing else reaches the provider.
        { prompt: 'a', params: { webhook: 'https://example.com' } },
        { prompt: 'a', webhook: 'https://example.com' },
      ],
    },
  ],
  [
    'page',
    pageInput,
    {
      accepts: [
        undefined,
        {},
        { limit: 1 },
        { limit: 100 },
        { limit: '20' },
        { cursor: '1' },
        { cursor: null },
        { cursor: '999999999999999' },
      ],
      refuses: [
        { limit: 0 },
        { limit: 101 },
        { limit: 1.5 },
        { limit: 'many' },
        { limit: '' },
        { cursor: '' },
        { cursor: '0' },
        { cursor: '-1' },
        { cursor: '01' },
        { cursor: '1; drop table' },
        { cursor: '9999999999999999' },
        { cursor: 5 },
      ],
    },
  ],
  [
    'usage',
    usageInput,
    {
      accepts: [undefined, {}, { from: '2024-02-29' }, { to: '2024-01-01', tz: 'Asia/Kolkata' }],
      refuses: [
        { from: '2023-02-29' },
        { from: '2024-1-1' },
        { from: '2024-01-01T00:00:00Z' },
        { tz: 'Mars/Olympus_Mons' },
        { tz: '' },
        { tz: '+05:30' },
        { tz: "UTC'; --" },
      ],
    },
  ],
  [
    'confirm',
    confirmTopupInput,
    {
      accepts: [
        { razorpay_order_id: 'order_1', razorpay_payment_id: 'pay_1', razorpay_signature: 'ab' },
      ],
      refuses: [
        {},
        { razorpay_order_id: '', razorpay_payment_id: 'pay_1', razorpay_signature: 'ab' },
        { razorpay_order_id: 'o\u0000', razorpay_payment_id: 'pay_1', razorpay_signature: 'ab' },
        { razorpay_order_id: 'order_1', razorpay_payment_id: 'pay_1' },
      ],
    },
  ],
  [
    'key',
    createApiKeyInput,
    {
      accepts: [
        { name: 'CI' },
        { name: 'a'.repeat(80) },
        { name: 'CI', expiresAt: null },
        { name: 'CI', expiresAt: '2030-01-01T00:00:00Z' },
        { name: 'CI', expiresAt: '2030-01-01T00:00:00.123456+05:30' },
      ],
      refuses: [
        {},
        { name: '' },
        { name: '   ' },
        { name: 'a'.repeat(81) },
        { name: 'CI', expiresAt: '2030-01-01' },
        { name: 'CI', expiresAt: 'tomorrow' },
        { name: 'CI', expiresAt: '9999-12-31T23:59:59-00:01' },
        { name: 'CI', expiresAt: '0000-01-01T00:00:00+00:01' },
      ],
    },
  ],
];

describe.each(cases)('%s', (_, schema, { accepts, refuses }) => {
  test.each(accepts.map((input) => [JSON.stringify(input), input]))('accepts %s', (_, input) => {
    expect(schema.safeParse(input).error).toBeUndefined();
  });
  test.each(refuses.map((input) => [JSON.stringify(input)?.slice(0, 80), input]))(
    'refuses %s',
    (_, input) => {
      expect(schema.safeParse(input).success).toBe(false);
    },
  );
});

describe('idempotency keys', () => {
  test.each([
    ['of one character', 'a', true],
    ['of 255 characters', 'a'.repeat(255), true],
    ['of 256 characters', 'a'.repeat(256), false],
    ['of nothing', '', false],
  ])('%s', (_, idempotencyKey, accepted) => {
    for (const schema of [startInput, toggleInput, endInput]) {
      expect(schema.safeParse({ idempotencyKey }).success).toBe(accepted);
    }
    expect(topupInput.safeParse({ amountCents: 1, idempotencyKey }).success).toBe(accepted);
  });
});

test('defaults', () => {
  expect(generateInput.parse({ prompt: ' a ' })).toEqual({
    prompt: ' a ',
    params: {},
    waitSeconds: 25,
  });
  expect(usageInput.parse({})).toEqual({ tz: 'UTC' });
  // Postgres takes IST for Israel.
  expect(usageInput.parse({ tz: 'IST' })).toEqual({ tz: 'Asia/Calcutta' });
  expect(pageInput.parse({ limit: '7' })).toEqual({ limit: 7 });
  expect(createApiKeyInput.parse({ name: '  CI ' })).toEqual({ name: 'CI' });
});
