// A program with the platform's own fetch and signals.
import { Hourly } from '@hourly/sdk';

const hourly = new Hourly({ fetch: (input, init) => fetch(input, init) });
const plain = new Hourly({ fetch });

export async function main(): Promise<number> {
  const controller = new AbortController();
  const { signal } = controller;
  const { body } = await hourly.generations.download('1', 0, { signal });
  await plain.generations.wait('1', { signal: AbortSignal.timeout(1_000), timeoutMs: 500 });
  await plain.usage({ from: '2026-01-01', tz: 'Asia/Kolkata' }, { signal });
  return body.byteLength;
}
