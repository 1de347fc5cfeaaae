import { setTimeout as sleep } from 'node:timers/promises';
import { Problem, type Reply } from '../http.ts';
import type { Fault, Provider } from './rules.ts';

/** Waits; ends early when the caller has gone. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** The work's reply, a refusal included: it has been done, whatever the caller gets to see. */
async function done(work: () => Promise<Reply> | Reply): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return error.reply;
    throw error;
  }
}

/**
 * Lets a call go wrong as ordered.
 * @returns the reply, or null when the connection is to be dropped without one
 */
export async function perform(
  fault: Fault,
  provider: Provider,
  call: { work: () => Promise<Reply> | Reply; signal: AbortSignal },
): Promise<Reply | null> {
  const worksFirst = fault.afterWork || ['slow', 'lose_answer', 'malformed'].includes(fault.mode);
  const reply = worksFirst ? await done(call.work) : null;
  switch (fault.mode) {
    case 'status':
      return errorReply(fault, provider);
    case 'slow':
      await pause(fault.slowMs, call.signal);
      return reply;
    case 'hang':
      await pause(fault.hangMs, call.signal);
      return null;
    case 'malformed':
      return reply && { ...halved(reply) };
    default:
      return null;
  }
}

/** The answer as it looks when its second half got lost on the way: JSON that doesn't parse. */
function halved(reply: Reply): Reply {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const headers = { ...reply.headers, 'content-type': 'application/json; charset=utf-8' };
  return { ...reply, headers, body: text.slice(0, Math.floor(text.length / 2)) };
}

/** The error as the provider words it, or the gateway in front of it. */
function errorReply(fault: Fault, provider: Provider): Reply {
  const { status } = fault;
  const isGateway = status >= 502 && status <= 504;
  const kind = fault.body ?? (isGateway ? 'html' : 'json');
  const isLimited = status === 429 && fault.retryAfterSeconds !== null;
  const headers: Record<string, string> = isLimited
    ? { 'retry-after': String(fault.retryAfterSeconds) }
    : {};
  if (kind === 'empty') return { status, body: '', headers };
  if (kind === 'html') {
    const body = `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n</body>\r\n</html>\r\n`;
    return { status, body, headers: { ...headers, 'content-type': 'text/html' } };
  }
  if (provider === 'runpod') return { status, body: { error: `fault ${status}` }, headers };
  const error = { ...razorpayError(status), source: 'NA', step: 'NA', reason: 'NA', metadata: {} };
  return { status, body: { error }, headers };
}

function razorpayError(status: number): { code: string; description: string } {
  if (status === 401) return { code: 'BAD_REQUEST_ERROR', description: 'Authentication failed' };
  if (status === 429) {
    return {
      code: 'BAD_REQUEST_ERROR',
      description: 'Request failed. Please try after sometime.',
    };
  }
  return {
    code: status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR',
    description:
      'We are facing some trouble completing your request at the moment. Please try again shortly.',
  };
}
