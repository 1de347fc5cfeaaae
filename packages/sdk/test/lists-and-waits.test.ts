import { describe, expect, it } from 'vitest';
import { AbortedError, Hourly, TimeoutError } from '../src/index.ts';
import { refusal, startWireServer, testKey } from './wire-server.ts';

const hourlyAt = (baseUrl: string) => new Hourly({ apiKey: testKey, baseUrl });

const page = (nextCursor: string | null, ...entryNos: number[]) => ({
  json: { items: entryNos.map((entryNo) => ({ entryNo })), nextCursor },
});

describe('a list', () => {
  it('is read to its end, page after page', async () => {
    const { url, arrived } = await startWireServer(
      page('8', 10, 9),
      page('6', 8, 7),
      page(null, 6),
    );
    const seen: number[] = [];
    for await (const { entryNo } of hourlyAt(url).transactions.list({ limit: 2 }))
      seen.push(entryNo);
    expect(seen).toEqual([10, 9, 8, 7, 6]);
    expect(arrived.map(({ path }) => path.replace('/api/hourly-usage', ''))).toEqual([
      '/transactions?limit=2',
      '/transactions?limit=2&cursor=8',
      '/transactions?limit=2&cursor=6',
    ]);
  });

  it('is read no further than its reader goes', async () => {
    const { url, arrived } = await startWireServer(page('9', 10));
    for await (const entry of hourlyAt(url).transactions.list()) {
      expect(entry.entryNo).toBe(10);
      break;
    }
    expect(arrived).toHaveLength(1);
  });

  it('gives one page', async () => {
    const { url, arrived } = await startWireServer(page('5', 7, 6));
    const list = hourlyAt(url).sessions.list({ cursor: '8', limit: 2 });
    expect(await list.page()).toEqual(page('5', 7, 6).json);
    expect(arrived[0]?.path).toBe('/api/hourly-usage/sessions?cursor=8&limit=2');
  });

  it('can be read again', async () => {
    const { url } = await startWireServer(page('5', 7), page(null, 6), page('5', 7), page(null, 6));
    const list = hourlyAt(url).topups.list();
    for (let round = 0; round < 2; round += 1) {
      let pages = 0;
      for await (const _ of list.pages()) pages += 1;
      expect(pages).toBe(2);
    }
  });

  it('does not go round in circles', async () => {
    const { url, arrived } = await startWireServer(page('5', 7));
    const read = async () => {
      for await (const _ of hourlyAt(url).generations.list());
    };
    await expect(read()).rejects.toMatchObject({ reason: 'UNEXPECTED_RESPONSE' });
    expect(arrived).toHaveLength(2);
  });

  it('rejects as its calls do', async () => {
    const { url } = await startWireServer(refusal(401, 'UNAUTHENTICATED'));
    const list = hourlyAt(url).transactions.list();
    await expect(list.page()).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    await expect(list.pages().next()).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});

describe('waiting for a generation', () => {
  it('ends when it is finished', async () => {
    const { url, arrived } = await startWireServer(
      { json: { id: 'g1', status: 'running' } },
      { json: { id: 'g1', status: 'failed' } },
    );
    expect(await hourlyAt(url).generations.wait('g1')).toEqual({ id: 'g1', status: 'failed' });
    expect(arrived).toHaveLength(2);
  });

  it('has a limit', async () => {
    const { url } = await startWireServer({ json: { id: 'g1', status: 'queued' } });
    const wait = hourlyAt(url).generations.wait('g1', { timeoutMs: 200 });
    await expect(wait).rejects.toBeInstanceOf(TimeoutError);
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    const { url } = await startWireServer((response) => {
      response.end('{"id":"g1","status":"queued"}');
      controller.abort();
    });
    const wait = hourlyAt(url).generations.wait('g1', { signal: controller.signal });
    await expect(wait).rejects.toBeInstanceOf(AbortedError);
  });
});

describe('an output', () => {
  it('is read with the key, from our own address', async () => {
    const { url, arrived } = await startWireServer((response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2, 3]));
    });
    const output = await hourlyAt(url).generations.download('g1', 1);
    expect(output).toEqual({ contentType: 'image/png', body: new Uint8Array([1, 2, 3]) });
    expect(arrived[0]?.path).toBe('/api/hourly-usage/generations/g1/outputs/1');
    expect(arrived[0]?.headers.authorization).toBe(`Bearer ${testKey}`);
  });
});
