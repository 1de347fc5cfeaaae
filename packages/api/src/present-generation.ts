import type { Generation } from '@hourly/contract';
import type { GenerationRecord } from '@hourly/db';

/**
 * A generation as callers see it: without what is internal, its pictures with their whole address. A browser's picture
 * elements send no mode, so a test account's pictures name it in their address.
 */
export function presentGeneration(record: GenerationRecord, origin: string): Generation {
  const { accountId: _account, jobId: _job, secondsLeft: _left, mode, ...generation } = record;
  const output = generation.output?.map((picture) => {
    const url = new URL(picture.url, origin);
    if (mode === 'test') url.searchParams.set('mode', mode);
    return { ...picture, url: url.href };
  });
  return { ...generation, output: output ?? null };
}
