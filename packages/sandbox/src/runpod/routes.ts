import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Call, Problem, type Reply, type Route, readJson } from '../http.ts';
import type { JobRequest } from './job.ts';
import type { RunpodJobs } from './jobs.ts';

const RUN_LIMIT_BYTES = 10 * 1024 * 1024;
const RUNSYNC_LIMIT_BYTES = 20 * 1024 * 1024;
const WAIT_DEFAULT_MS = 90_000;
const WAIT_MAXIMUM_MS = 300_000;

const requestSchema = z.object({
  input: z.record(z.string(), z.unknown()),
  webhook: z.url({ protocol: /^https?$/ }).optional(),
  policy: z
    .object({
      executionTimeout: z.int().min(1).optional(),
      ttl: z.int().min(1).optional(),
      lowPriority: z.boolean().optional(),
    })
    .optional(),
});

function refuse(status: number, error: string): Problem {
  return new Problem({ status, body: { error } });
}

function authenticate(call: Call, apiKey: string): void {
  const wanted = Buffer.from(`Bearer ${apiKey}`);
  const given = Buffer.from(call.request.headers.authorization ?? '');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw refuse(401, 'unauthorized');
  }
}

async function readRequest(call: Call, limitBytes: number): Promise<JobRequest> {
  const parsed = requestSchema.safeParse(await readJson(call.request, limitBytes));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(400, `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
}

function waitMs(call: Call): number {
  const text = call.query.get('wait');
  if (text === null) return WAIT_DEFAULT_MS;
  if (!/^\d{1,9}$/.test(text)) throw refuse(400, 'wait must be milliseconds');
  return Math.min(WAIT_MAXIMUM_MS, Math.max(1, Number(text)));
}

function known<T>(view: T | null): T {
  if (view === null) throw refuse(404, 'job not found');
  return view;
}

/** RunPod's queue API (https://docs.runpod.io/serverless/endpoints/send-requests). */
export function runpodRoutes(jobs: RunpodJobs, apiKey: string): Route[] {
  const id = (call: Call) => call.params.id ?? '';
  const ok = (body: object): Reply => ({ status: 200, body });
  const routes: Route[] = [
    {
      method: 'POST',
      pattern: '/v2/:endpoint/run',
      handle: async (call) => ok(jobs.submit(await readRequest(call, RUN_LIMIT_BYTES), 'run')),
    },
    {
      method: 'POST',
      pattern: '/v2/:endpoint/runsync',
      handle: async (call) => {
        const limitMs = waitMs(call);
        const job = jobs.submit(await readRequest(call, RUNSYNC_LIMIT_BYTES), 'runsync');
        return ok(known(await jobs.wait(job.id, limitMs, call.signal)));
      },
    },
    {
      method: 'GET',
      pattern: '/v2/:endpoint/status/:id',
      handle: (call) => ok(known(jobs.view(id(call)))),
    },
    {
      method: 'POST',
      pattern: '/v2/:endpoint/cancel/:id',
      handle: (call) => ok(known(jobs.cancel(id(call)))),
    },
    { method: 'GET', pattern: '/v2/:endpoint/health', handle: () => ok(jobs.health()) },
  ];
  return routes.map((route) => ({
    ...route,
    handle: (call) => {
      authenticate(call, apiKey);
      return route.handle(call);
    },
  }));
}
