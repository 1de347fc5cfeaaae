import { Refusal } from '@hourly/contract';
import type { StoredOutput } from '@hourly/db';
import { z } from 'zod';
import type { GenerationGateway, JobState } from './generation-gateway.ts';
import { identifyPicture } from './picture.ts';
import { readBounded } from './read-bounded.ts';
import { decodePicture, picturesOf } from './runpod-output.ts';

export interface RunpodGatewayOptions {
  /** `https://api.runpod.ai/v2/<endpoint>` */
  endpointUrl: string;
  apiKey: string;
  /** Bound of one call, reading included. */
  timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 15_000;
const maximumPictureBytes = 20_000_000;
/** RunPod's own bound of 20 MB, and base64's third. */
const maximumAnswerBytes = 30_000_000;
/** A generation fails as timed out after 15 minutes; the provider need not work on it any longer. */
const executionTimeoutMs = 15 * 60_000;
const timeToLiveMs = 30 * 60_000;

const submitted = z.object({ id: z.string().min(1).max(200) });

const statusAnswer = z.object({
  status: z.enum([
    'IN_QUEUE',
    'IN_PROGRESS',
    'RUNNING',
    'COMPLETED',
    'FAILED',
    'CANCELLED',
    'TIMED_OUT',
  ]),
  output: z.unknown().optional(),
  error: z.unknown().optional(),
});

/** RunPod's serverless API, over plain fetch. Source: https://docs.runpod.io/serverless/endpoints/send-requests */
export function createRunpodGateway(options: RunpodGatewayOptions): GenerationGateway {
  if (options.apiKey === '') throw new Error("RunPod's API key is empty");
  const endpoint = options.endpointUrl.replace(/\/+$/, '');
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;

  const request = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${endpoint}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        accept: 'application/json',
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await readBounded(response, maximumAnswerBytes);
    return { status: response.status, text: body.toString('utf8') };
  };
  const download = async (url: string): Promise<Buffer> => {
    // Where the provider itself is reached in the clear (a stand-in), its pictures may be, too.
    const isAllowed = url.startsWith('https://') || endpoint.startsWith('http://');
    if (!isAllowed) throw new Error('the picture is not served over https');
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`the picture answered ${response.status}`);
    return readBounded(response, maximumPictureBytes);
  };

  return {
    submit: ({ prompt, model, params }) =>
      guard(async () => {
        const { negativePrompt, ...rest } = params;
        const input = {
          prompt,
          model,
          ...rest,
          ...(negativePrompt !== undefined && { negative_prompt: negativePrompt }),
        };
        const policy = { executionTimeout: executionTimeoutMs, ttl: timeToLiveMs };
        const body = JSON.stringify({ input, policy });
        const { id } = parse(submitted, await request('/run', { method: 'POST', body }));
        return { jobId: id };
      }),
    poll: (jobId) =>
      guard(async () => {
        const answer = await request(`/status/${encodeURIComponent(jobId)}`, { method: 'GET' });
        if (answer.status === 404) return { state: 'gone' };
        return stateOf(parse(statusAnswer, answer), download);
      }),
    cancel: (jobId) =>
      guard(async () => {
        const answer = await request(`/cancel/${encodeURIComponent(jobId)}`, { method: 'POST' });
        if (answer.status >= 400 && answer.status !== 404) throw unexpected(answer);
      }),
  };
}

interface Answer {
  status: number;
  text: string;
}

async function guard<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Refusal('GENERATION_PROVIDER_ERROR', { cause: error });
  }
}

function parse<Parsed>(schema: z.ZodType<Parsed>, answer: Answer): Parsed {
  if (answer.status < 200 || answer.status >= 300) throw unexpected(answer);
  return schema.parse(JSON.parse(answer.text));
}

const unexpected = (answer: Answer): Error =>
  new Error(`RunPod answered ${answer.status}: ${answer.text.slice(0, 500)}`);

async function stateOf(
  answer: z.infer<typeof statusAnswer>,
  download: (url: string) => Promise<Buffer>,
): Promise<JobState> {
  switch (answer.status) {
    case 'IN_QUEUE':
      return { state: 'queued' };
    case 'IN_PROGRESS':
    case 'RUNNING':
      return { state: 'running' };
    case 'COMPLETED':
      return completed(answer.output, download);
    case 'FAILED':
      return {
        state: 'failed',
        code: 'PROVIDER_FAILED',
        message: 'The provider could not make this. Nothing was charged for it.',
        detail: JSON.stringify(answer.error ?? answer.output ?? null).slice(0, 1000),
      };
    case 'CANCELLED':
      return { state: 'cancelled' };
    case 'TIMED_OUT':
      return { state: 'timed_out' };
  }
}

async function completed(
  output: unknown,
  download: (url: string) => Promise<Buffer>,
): Promise<JobState> {
  const pictures = picturesOf(output);
  if (pictures === null) return unusable(`no pictures: ${JSON.stringify(output)?.slice(0, 500)}`);
  const outputs: StoredOutput[] = [];
  for (const picture of pictures) {
    const body = decodePicture(picture) ?? (await download(picture));
    if (body.byteLength > maximumPictureBytes) return unusable('a picture is too large');
    const kind = identifyPicture(body);
    if (kind === null) return unusable(`not a picture: ${picture.slice(0, 60)}`);
    outputs.push({ ...kind, body });
  }
  return { state: 'completed', outputs };
}

const unusable = (detail: string): JobState => ({
  state: 'failed',
  code: 'PROVIDER_OUTPUT_INVALID',
  message: 'The provider answered with something that is no picture. Nothing was charged for it.',
  detail,
});
