import type { Delivery } from './delivery.ts';

/** What a receiver gets: the same headers and bytes whether by HTTP or in the process. */
export interface WebhookRequest {
  headers: Record<string, string>;
  body: string;
}

/** Answers with the HTTP status. Throwing counts as a connection that failed. */
export type WebhookReceiver = (request: WebhookRequest, signal: AbortSignal) => Promise<number>;

function requestOf(delivery: Delivery): WebhookRequest {
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Razorpay-Webhook/v1',
      'x-razorpay-signature': delivery.signature,
      'x-razorpay-event-id': delivery.eventId,
    },
    body: delivery.body,
  };
}

/** Receivers at a URL: no redirects, and the answer's body is not read. */
export function receiverAt(url: string): WebhookReceiver {
  return async ({ headers, body }, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    });
    await response.body?.cancel();
    return response.status;
  };
}

/** Hands one delivery over; at most `timeoutMs` of real time, whatever the receiver does. */
export async function handOver(
  delivery: Delivery,
  receiver: WebhookReceiver,
  options: { timeoutMs: number; stopping: AbortSignal },
): Promise<{ status: number | null; error: string | null }> {
  const over = new AbortController();
  const giveUp = (why: string) => () => over.abort(new Error(why));
  const timer = setTimeout(giveUp(`no answer in ${options.timeoutMs} ms`), options.timeoutMs);
  const stop = giveUp('the stand-in stopped');
  options.stopping.addEventListener('abort', stop);
  try {
    const given = new Promise<never>((_resolve, reject) => {
      over.signal.addEventListener('abort', () => reject(over.signal.reason));
    });
    const status = await Promise.race([receiver(requestOf(delivery), over.signal), given]);
    return { status, error: null };
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    options.stopping.removeEventListener('abort', stop);
  }
}
