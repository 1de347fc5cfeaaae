import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePicture } from '../src/generations/sample-picture.ts';
import { createRunpodGateway, type GenerationGateway } from '../src/index.ts';
import { type Answer, json, startProvider } from './support/provider.ts';

let provider: Awaited<ReturnType<typeof startProvider>>;
let gateway: GenerationGateway;
beforeAll(async () => {
  provider = await startProvider();
  gateway = createRunpodGateway({
    endpointUrl: `${provider.url}/v2/x/`,
    apiKey: 'k',
    timeoutMs: 300,
  });
});
afterAll(() => provider?.stop());

const picture = samplePicture();
const base64 = picture.body.toString('base64');
const dataUrl = `data:image/png;base64,${base64}`;
const completed = (output: unknown) => json({ id: 'j', status: 'COMPLETED', output });

describe('a finished job', () => {
  it.each([
    ['images as objects', { images: [{ image: dataUrl, width: 64, height: 64, seed: 1 }] }, 1],
    ['images as data URLs', { images: [dataUrl, dataUrl], image_url: dataUrl, seed: 1 }, 2],
    ['images as base64', { images: [base64] }, 1],
    ['images with data', { images: [{ filename: 'a.png', type: 'base64', data: base64 }] }, 1],
    ['image_url', { image_url: dataUrl }, 1],
    ['image', { image: base64 }, 1],
    ['a list', [dataUrl], 1],
    ['a text', dataUrl, 1],
  ])('is read with %s', async (_name, output, count) => {
    provider.answerWith(completed(output));
    const state = await gateway.poll('j');
    expect(state).toEqual({ state: 'completed', outputs: Array(count).fill(picture) });
  });

  it('is fetched from an address', async () => {
    const output = { images: [{ url: `${provider.url}/bucket/a.png` }] };
    provider.answerWith((request, response) => {
      if (request.url === '/bucket/a.png') response.end(picture.body);
      else completed(output)(request, response);
    });
    expect(await gateway.poll('j')).toEqual({ state: 'completed', outputs: [picture] });
  });

  it('is read once more later when the address does not answer', async () => {
    const output = { images: [{ url: `${provider.url}/bucket/a.png` }] };
    provider.answerWith((request, response) => {
      if (request.url === '/bucket/a.png') response.writeHead(403).end();
      else completed(output)(request, response);
    });
    await expect(gateway.poll('j')).rejects.toMatchObject({ reason: 'GENERATION_PROVIDER_ERROR' });
  });

  it.each([
    ['nothing', null],
    ['no pictures', { images: [] }],
    ['a page', { images: [`data:text/html;base64,${btoa('<script>alert(1)</script>')}`] }],
    ['too many', { images: Array(9).fill(base64) }],
    ['an error', { error: 'out of memory' }],
  ])('has failed with %s', async (_name, output) => {
    provider.answerWith(completed(output));
    expect(await gateway.poll('j')).toMatchObject({
      state: 'failed',
      code: 'PROVIDER_OUTPUT_INVALID',
    });
  });
});

describe('the state of a job', () => {
  it.each([
    ['IN_QUEUE', { state: 'queued' }],
    ['IN_PROGRESS', { state: 'running' }],
    ['RUNNING', { state: 'running' }],
    ['FAILED', { state: 'failed', code: 'PROVIDER_FAILED' }],
    ['CANCELLED', { state: 'cancelled' }],
    ['TIMED_OUT', { state: 'timed_out' }],
  ])('%s', async (status, state) => {
    provider.answerWith(json({ id: 'j', status, error: 'trace back' }));
    expect(await gateway.poll('j')).toMatchObject(state);
  });

  it('is gone with a 404', async () => {
    provider.answerWith(json({ error: 'job not found' }, 404));
    expect(await gateway.poll('j')).toEqual({ state: 'gone' });
    await expect(gateway.cancel('j')).resolves.toBeUndefined();
  });

  it.each<[string, Answer]>([
    ['a 500', json({}, 500)],
    ['no JSON', (_request, response) => void response.end('ok')],
    ['another word', json({ status: 'DREAMING' })],
    ['silence', () => {}],
    ['a dropped connection', (request) => request.socket.destroy()],
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/' }).end()],
    [
      'an answer without end',
      (_request, response) => {
        const flood = setInterval(() => response.write(Buffer.alloc(4_000_000, 'x')), 1);
        response.once('close', () => clearInterval(flood));
      },
    ],
  ])('is unknown with %s', async (_name, answer) => {
    provider.answerWith(answer);
    await expect(gateway.poll('j')).rejects.toMatchObject({ reason: 'GENERATION_PROVIDER_ERROR' });
  });
});

it('passes on what is asked for, and nothing else', async () => {
  let sent = '';
  provider.answerWith((request, response) => {
    request.on('data', (chunk) => {
      sent += chunk;
    });
    request.on('end', () => json({ id: 'job-1', status: 'IN_QUEUE' })(request, response));
  });
  const params = { width: 64, steps: 4, seed: 0, negativePrompt: 'blur', count: 2 };
  expect(await gateway.submit({ prompt: 'a cat', model: 'sdxl', params })).toEqual({
    jobId: 'job-1',
  });
  expect(provider.calls.at(-1)).toBe('POST /v2/x/run');
  expect(JSON.parse(sent)).toEqual({
    input: {
      prompt: 'a cat',
      model: 'sdxl',
      width: 64,
      steps: 4,
      seed: 0,
      negative_prompt: 'blur',
      count: 2,
    },
    policy: { executionTimeout: 900_000, ttl: 1_800_000 },
  });
});
