import { Refusal } from '@hourly/contract';
import type { Log } from '@hourly/services';
import { newRequestId } from './request-scope.ts';
import { respondToError } from './rest/respond.ts';

/** What anybody may read and nobody change: `answer` to GET and HEAD, METHOD_NOT_ALLOWED to everything else. */
export function readOnly(
  answer: (request: Request) => Promise<Response>,
  log: Log,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = newRequestId();
    const isHead = request.method === 'HEAD';
    try {
      if (request.method !== 'GET' && !isHead) throw new Refusal('METHOD_NOT_ALLOWED');
      const { status, headers, body } = await answer(request);
      headers.set('x-request-id', requestId);
      if (isHead) await body?.cancel();
      return new Response(isHead ? null : body, { status, headers });
    } catch (error) {
      const { pathname: path } = new URL(request.url);
      const response = respondToError(error, { requestId, log, path });
      if (response.status === 405) response.headers.set('allow', 'GET, HEAD');
      return response;
    }
  };
}
