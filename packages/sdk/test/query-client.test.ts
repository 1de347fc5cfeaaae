import { MutationObserver, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hourly } from '../src/react/index.ts';
import { linksOf } from '../src/react/links.ts';
import { createQueryClient } from '../src/react/query-client.ts';
import { type Answer, answeredCall, refusedCall, startWireServer } from './wire-server.ts';

/** A query on a screen. */
async function showStatus(...answers: [Answer, ...Answer[]]) {
  const { url, arrived } = await startWireServer(...answers);
  const queries = createQueryClient();
  const calls = hourly.createClient({ links: linksOf({ baseUrl: url, mode: 'test' }) });
  const screen = new QueryObserver(queries, {
    queryKey: ['status'],
    queryFn: ({ signal }) => calls.hourlyUsage.status.query(undefined, { signal }),
  });
  onTestFinished(screen.subscribe(() => {}));
  return { queries, calls, screen, arrived };
}

describe('the query client', () => {
  it('asks again when the server was in trouble', async () => {
    const { screen, arrived } = await showStatus(
      refusedCall(503, 'INTERNAL'),
      answeredCall({ session: null }),
    );
    await expect.poll(() => screen.getCurrentResult().status, { timeout: 5_000 }).toBe('success');
    expect(arrived).toHaveLength(2);
  });

  it('takes a refusal for an answer', async () => {
    const { screen, arrived } = await showStatus(refusedCall(401, 'UNAUTHENTICATED'));
    await expect.poll(() => screen.getCurrentResult().status).toBe('error');
    expect(arrived).toHaveLength(1);
  });

  it('reads everything anew after a mutation, also after a refused one', async () => {
    const { queries, calls, screen, arrived } = await showStatus(
      answeredCall({ session: null }),
      refusedCall(402, 'INSUFFICIENT_BALANCE'),
      answeredCall({ session: { id: 's1' } }),
    );
    await expect.poll(() => screen.getCurrentResult().status).toBe('success');
    const start = new MutationObserver(queries, {
      mutationFn: () => calls.hourlyUsage.start.mutate(),
    });
    await expect(start.mutate()).rejects.toThrow('INSUFFICIENT_BALANCE');
    await expect.poll(() => screen.getCurrentResult().data?.session?.id).toBe('s1');
    expect(arrived.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
  });
});
