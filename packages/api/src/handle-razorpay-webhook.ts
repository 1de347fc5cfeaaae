import { Refusal } from '@hourly/contract';
import { receiveWebhook, type ServiceContext } from '@hourly/services';
import { newRequestId } from './request-scope.ts';
import { readBody } from './rest/read-body.ts';
import { answerHeaders, respondToError } from './rest/respond.ts';

const maximumBytes = 1_000_000;

/** Takes in Razorpay's webhooks: 200 once an event is stored, 400 without a valid signature. */
export function createRazorpayWebhookHandler(
  services: ServiceContext,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = newRequestId();
    const { pathname: path } = new URL(request.url);
    try {
      if (request.method !== 'POST') throw new Refusal('METHOD_NOT_ALLOWED');
      const { isNew } = await receiveWebhook(services, {
        rawBody: await readBody(request, maximumBytes),
        signature: request.headers.get('x-razorpay-signature'),
        eventId: request.headers.get('x-razorpay-event-id'),
      });
      const body = { received: true, duplicate: !isNew };
      return Response.json(body, { headers: answerHeaders(requestId) });
    } catch (error) {
      const response = respondToError(error, { requestId, log: services.log, path });
      if (response.status === 405) response.headers.set('allow', 'POST');
      return response;
    }
  };
}
