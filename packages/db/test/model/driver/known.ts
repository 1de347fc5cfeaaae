import type { Generation } from '@hourly/contract';

/** A generation without what the simulation knows nothing of: pictures, prompts and providers. */
export function knownGeneration<Seen extends Generation>(seen: Seen) {
  const { prompt: _p, model: _m, params: _a, output: _o, error, ...rest } = seen;
  const known: Record<string, unknown> = { ...rest, errorCode: error?.code ?? null };
  delete known.jobId;
  delete known.secondsLeft;
  return known;
}

/** A top-up without its order, whose name only the provider's side chooses. */
export function knownTopup<Seen extends object>(seen: Seen) {
  const known = { ...seen } as Record<string, unknown>;
  delete known.orderId;
  return known;
}

/** What an event carries, as far as the simulation knows it. */
export function knownData(type: string, data: object | null): unknown {
  if (data === null) return null;
  if (type.startsWith('generation.')) return knownGeneration(data as Generation);
  return /^(topup|refund)\./.test(type) ? knownTopup(data) : data;
}
