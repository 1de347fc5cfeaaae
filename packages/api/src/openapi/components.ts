import { reasons } from '@hourly/contract';

export const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'hk_live_… or hk_test_…',
    description: 'An API key. It belongs on servers, and carries its mode.',
  },
  browser: {
    type: 'apiKey',
    in: 'cookie',
    name: '__session',
    description:
      'The session of a signed-in browser. The header `Hourly-Mode: test` chooses the test account.',
  },
};

export const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Made once for each logical call and sent with every retry of it. Kept for at least 30 days.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** One response for each status that errors have, with its reasons: `Error409`. */
export const errorResponses = Object.fromEntries(
  [...new Set(Object.values(reasons).map(({ status }) => status))].sort().map((status) => {
    const entries = Object.entries(reasons).filter(([, reason]) => reason.status === status);
    return [
      `Error${status}`,
      {
        description: entries
          .map(([reason, { message }]) => `\`${reason}\`: ${message}`)
          .join('\n\n'),
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Error' },
                { properties: { reason: { enum: entries.map(([reason]) => reason) } } },
              ],
            },
          },
        },
      },
    ];
  }),
);
