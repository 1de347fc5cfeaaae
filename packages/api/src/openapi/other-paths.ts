import { restBase } from '../procedure.ts';

const text = { type: 'string' };
const inPath = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
const withCredentials = [{ apiKey: [] }, { browser: [] }];
const error = (status: number) => ({ $ref: `#/components/responses/Error${status}` });

const answer = (properties: object) => ({
  'application/json': { schema: { type: 'object', properties } },
});

/** A PDF of what the path names. */
const receipt = (operationId: string, tag: string, summary: string, description: string) => ({
  get: {
    operationId,
    summary,
    description,
    tags: [tag],
    security: withCredentials,
    parameters: [inPath('id', text)],
    responses: {
      200: { description: 'The receipt', content: { 'application/pdf': { schema: {} } } },
      401: error(401),
      404: error(404),
    },
  },
});

/** What is no procedure: pictures, receipts, the payment provider's events, and what operators ask for. */
export const otherPaths = {
  [`${restBase}/generations/{id}/outputs/{index}`]: {
    get: {
      operationId: 'generationOutput',
      summary: "A generation's stored picture",
      tags: ['Generations'],
      security: withCredentials,
      parameters: [inPath('id', text), inPath('index', { type: 'integer', minimum: 0 })],
      responses: {
        200: { description: 'The picture', content: { 'image/*': { schema: {} } } },
        401: error(401),
        404: error(404),
      },
    },
  },
  [`${restBase}/topups/{id}/receipt`]: receipt(
    'topupReceipt',
    'Balance',
    'The receipt of a paid top-up as PDF',
    'With the refunds since. NOT_FOUND as long as the top-up is not paid.',
  ),
  [`${restBase}/sessions/{id}/receipt`]: receipt(
    'sessionReceipt',
    'Sessions',
    'What a session used and cost, as PDF',
    'Up to now, and marked so, when the session is not over.',
  ),
  '/api/webhooks/razorpay-hourly': {
    post: {
      operationId: 'razorpayWebhook',
      summary: "Takes in Razorpay's events",
      description:
        'Signed by Razorpay over the raw body. Duplicates and any order of arrival are harmless.',
      tags: ['Operation'],
      security: [],
      parameters: [
        { name: 'X-Razorpay-Signature', in: 'header', required: true, schema: text },
        { name: 'X-Razorpay-Event-Id', in: 'header', required: false, schema: text },
      ],
      requestBody: { required: true, content: { 'application/json': { schema: {} } } },
      responses: {
        200: {
          description: 'Stored',
          content: answer({ received: { const: true }, duplicate: { type: 'boolean' } }),
        },
        400: error(400),
        413: error(413),
        500: error(500),
      },
    },
  },
  '/api/health': {
    get: {
      operationId: 'health',
      summary: 'Does the database answer?',
      tags: ['Operation'],
      security: [],
      responses: {
        200: { description: 'It does', content: answer({ status: { const: 'ok' } }) },
        503: { description: 'It does not', content: answer({ status: { const: 'unavailable' } }) },
      },
    },
  },
  '/api/openapi.json': {
    get: {
      operationId: 'openApi',
      summary: 'This document',
      tags: ['Operation'],
      security: [],
      responses: { 200: { description: 'OpenAPI 3.1', content: answer({}) } },
    },
  },
};

/** What the statement answers beside its pages. */
export const statement = {
  path: `${restBase}/transactions`,
  parameter: {
    name: 'format',
    in: 'query',
    required: false,
    description:
      'Instead of a page, the whole statement as a file: `csv`, newest first, or `jsonl`, oldest first and sealed, to be ' +
      'verified without this service.',
    schema: { type: 'string', enum: ['csv', 'jsonl'] },
  },
  content: {
    'text/csv': { schema: { type: 'string' } },
    'application/jsonl': { schema: { type: 'string' } },
  },
};
