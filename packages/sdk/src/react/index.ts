'use client';

export { newIdempotencyKey } from '../idempotency-key.ts';
export type * from '../types.ts';
export { type CallError, errorOf } from './error-of.ts';
export { hourly } from './hourly.ts';
export { HourlyProvider, type HourlyProviderProps } from './provider.tsx';
export type {
  ApiKey,
  CreateApiKeyInput,
  CreatedApiKey,
  HourlyErrorData,
  HourlyRouter,
} from './router.ts';
