import { Refusal } from '@hourly/contract';
import { readOutput } from '@hourly/services';
import type { RestCall, Route } from './route.ts';

/** A generation's stored picture, to its owner. */
export const generationOutputRoute: Route = {
  method: 'GET',
  template: '/generations/{id}/outputs/{index}',
  isDownload: true,
  answer: answerOutput,
};

async function answerOutput({ params, context }: RestCall): Promise<Response> {
  if (context.caller === null) throw new Refusal('UNAUTHENTICATED');
  const { body, contentType } = await readOutput(context.services, {
    accountId: context.caller.accountId,
    generationId: params.id ?? '',
    index: params.index ?? '',
  });
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': contentType,
      'content-length': String(body.byteLength),
      // The bytes come from a model: whatever they are, they are shown as a picture and run nothing.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, max-age=31536000, immutable',
      vary: 'cookie, authorization',
      'x-request-id': context.requestId,
    },
  });
}
