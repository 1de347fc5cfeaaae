import { inflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { drawPicture } from '../src/runpod/picture.ts';
import { type Answer, post, RUNPOD_KEY, sandbox } from './helpers.ts';

const headers = { authorization: `Bearer ${RUNPOD_KEY}` };
const small = { width: 96, height: 64, seed: 1 };
const until = { timeout: 5_000, interval: 5 };

async function status(base: string, id: string): Promise<{ code: number; body: Answer }> {
  const response = await fetch(`${base}/status/${id}`, { headers });
  return { code: response.status, body: (await response.json()) as Answer };
}

/** Decodes enough of a PNG to know that a viewer can: signature, size, and all its rows. */
function decode(png: Buffer): { width: number; height: number } {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const dataLength = png.readUInt32BE(33);
  expect(png.subarray(37, 41).toString('latin1')).toBe('IDAT');
  const rows = inflateSync(png.subarray(41, 41 + dataLength));
  expect(rows.length).toBe((width * 3 + 1) * height);
  return { width, height };
}

function imageOf(dataUrl: string | undefined): Buffer {
  expect(dataUrl).toMatch(/^data:image\/png;base64,/);
  return Buffer.from(dataUrl?.split(',')[1] ?? '', 'base64');
}

describe('jobs', () => {
  it('goes from the queue through progress to pictures of the asked size', async () => {
    const { url } = await sandbox({ generationMs: 300 });
    const base = `${url}/v2/sandbox`;
    const input = { prompt: 'a fox', ...small, count: 2 };
    const run = await post(`${base}/run`, { input }, headers);
    expect(run.body).toEqual({ id: run.body.id, status: 'IN_QUEUE' });
    const { id } = run.body;
    const seen = new Set<string>();
    await vi.waitFor(async () => {
      const { body } = await status(base, id);
      seen.add(body.status);
      if (body.status === 'IN_PROGRESS') {
        expect(body.output).toEqual({ progress: expect.any(Number) });
      }
      expect(body.status).toBe('COMPLETED');
    }, until);
    expect(seen).toContain('IN_PROGRESS');
    const { images } = (await status(base, id)).body.output;
    expect(images.map(({ width, height, seed }) => ({ width, height, seed }))).toEqual([
      { width: 96, height: 64, seed: 1 },
      { width: 96, height: 64, seed: 2 },
    ]);
    expect(decode(imageOf(images[0]?.image))).toEqual({ width: 96, height: 64 });
    expect(images[0]?.image).not.toBe(images[1]?.image);
  });

  it('waits in runsync, and answers unfinished when the wait is over', async () => {
    const { url } = await sandbox();
    const base = `${url}/v2/sandbox`;
    const done = await post(`${base}/runsync`, { input: { prompt: 'a', ...small } }, headers);
    expect(done.body.status).toBe('COMPLETED');
    const slow = { input: { prompt: 'a [slow]', ...small } };
    const unfinished = await post(`${base}/runsync?wait=20`, slow, headers);
    expect(['IN_QUEUE', 'IN_PROGRESS']).toContain(unfinished.body.status);
  });

  it('fails on order and for input it cannot use', async () => {
    const { url } = await sandbox();
    const base = `${url}/v2/sandbox`;
    const failed = await post(`${base}/runsync`, { input: { prompt: 'x [fail]' } }, headers);
    expect(failed.body).toMatchObject({ status: 'FAILED', error: expect.any(String) });
    const empty = await post(`${base}/runsync`, { input: {} }, headers);
    expect(empty.body).toMatchObject({ status: 'FAILED' });
    expect((await post(`${base}/run`, {}, headers)).status).toBe(400);
  });

  it('cancels, and times out by policy', async () => {
    const { url } = await sandbox({ generationMs: 5_000 });
    const base = `${url}/v2/sandbox`;
    const run = await post(`${base}/run`, { input: { prompt: 'a' } }, headers);
    const cancelled = await post(`${base}/cancel/${run.body.id}`, {}, headers);
    expect(cancelled.body.status).toBe('CANCELLED');
    expect((await status(base, run.body.id)).body.status).toBe('CANCELLED');

    const quick = await sandbox({ generationMs: 200 });
    const timedOut = await post(
      `${quick.url}/v2/x/runsync`,
      { input: { prompt: 'a' }, policy: { executionTimeout: 10 } },
      headers,
    );
    expect(timedOut.body.status).toBe('TIMED_OUT');
  });

  it('forgets results after their time', async () => {
    const { url } = await sandbox({ runsyncResultTtlMs: 10 });
    const base = `${url}/v2/sandbox`;
    const done = await post(`${base}/runsync`, { input: { prompt: 'a', ...small } }, headers);
    await vi.waitFor(async () => {
      expect((await status(base, done.body.id)).code).toBe(404);
    }, until);
    expect((await status(base, 'unknown')).code).toBe(404);
  });

  it('wants the bearer key, and reports its health', async () => {
    const { url } = await sandbox();
    expect((await post(`${url}/v2/x/run`, { input: { prompt: 'a' } })).status).toBe(401);
    const health = await fetch(`${url}/v2/x/health`, { headers });
    expect(await health.json()).toMatchObject({ jobs: { inQueue: 0 }, workers: { running: 0 } });
  });
});

describe('pictures', () => {
  const { signal } = new AbortController();
  const request = { prompt: 'hills', model: 'sdxl', width: 80, height: 64, seed: 3 };

  it('are the same for the same request and differ by prompt, seed and model', async () => {
    const first = await drawPicture(request, signal);
    expect((await drawPicture(request, signal)).png.equals(first.png)).toBe(true);
    for (const change of [{ prompt: 'hills at night' }, { seed: 4 }, { model: 'flux-schnell' }]) {
      const other = await drawPicture({ ...request, ...change }, signal);
      expect(other.png.equals(first.png)).toBe(false);
    }
  });

  it.each(['mountain', 'silk', 'glass', 'paper', 'starry night sky'])(
    'draws %s at clamped sizes',
    async (prompt) => {
      const tiny = await drawPicture({ ...request, prompt, width: 1, height: 9_000 }, signal);
      expect(decode(tiny.png)).toEqual({ width: 64, height: 1536 });
    },
  );
});
