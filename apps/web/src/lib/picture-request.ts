import type { GenerateInput, Status } from '@hourly/sdk/react';

export const sizes = [
  { name: 'square', label: 'Square', width: 1024, height: 1024 },
  { name: 'portrait', label: 'Portrait', width: 832, height: 1216 },
  { name: 'landscape', label: 'Landscape', width: 1216, height: 832 },
] as const;

export type SizeName = (typeof sizes)[number]['name'];

/** A request for pictures as typed. */
export type TypedRequest = { prompt: string; size: SizeName; count: number; seed: string };

export const emptyRequest: TypedRequest = { prompt: '', size: 'square', count: 1, seed: '' };

const highestSeed = 4_294_967_295;

export type ReadRequest =
  | { input: Pick<GenerateInput, 'prompt' | 'params'>; seedError: null }
  | { input: null; seedError: string | null };

/** Reads the typed request; null while something is missing or wrong. */
export function readRequest({ prompt, size, count, seed }: TypedRequest): ReadRequest {
  const typedSeed = seed.trim();
  const seedNumber = /^\d{1,10}$/.test(typedSeed) ? Number(typedSeed) : Number.NaN;
  if (typedSeed !== '' && !(seedNumber <= highestSeed)) {
    return { input: null, seedError: `A whole number up to ${highestSeed}, or empty.` };
  }
  if (prompt.trim() === '') return { input: null, seedError: null };
  const { width, height } = sizes.find(({ name }) => name === size) ?? sizes[0];
  return {
    input: {
      prompt: prompt.trim(),
      params: { width, height, count, ...(typedSeed === '' ? {} : { seed: seedNumber }) },
    },
    seedError: null,
  };
}

/** Why nothing can be generated now; null when it can. */
export function whyNotNow(status: Status | null): string | null {
  if (!status) return 'Loading…';
  if (status.balance.frozen) return 'The account is frozen until a top-up lifts the balance.';
  if (!status.session) return 'Start a session to generate.';
  if (status.session.status === 'paused') return 'Resume the session to generate.';
  return null;
}
