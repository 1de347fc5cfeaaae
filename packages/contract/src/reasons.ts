/**
 * The closed list of reasons with which Hourly refuses or fails, and how each one travels over HTTP.
 * `code` is tRPC's name for the status; `message` is what a person reads when nothing more precise is known.
 */
export const reasons = {
  UNAUTHENTICATED: {
    status: 401,
    code: 'UNAUTHORIZED',
    message: 'Sign in, or send a valid API key.',
  },
  INSUFFICIENT_BALANCE: {
    status: 402,
    code: 'PAYMENT_REQUIRED',
    message: 'The balance cannot pay the next hour. Top up to go on.',
  },
  ACCOUNT_FROZEN: {
    status: 403,
    code: 'FORBIDDEN',
    message:
      'The balance is below zero. A top-up that lifts it to zero or more unfreezes the account.',
  },
  TEST_MODE_ONLY: {
    status: 403,
    code: 'FORBIDDEN',
    message: 'Only test accounts can do this.',
  },
  FORBIDDEN: { status: 403, code: 'FORBIDDEN', message: 'These credentials may not do this.' },
  NOT_FOUND: { status: 404, code: 'NOT_FOUND', message: 'There is no such thing here.' },
  NO_OPEN_SESSION: { status: 404, code: 'NOT_FOUND', message: 'No session is open.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    code: 'METHOD_NOT_SUPPORTED',
    message: 'This path does not answer that method.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The body is too large.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Send JSON with the content type application/json.',
  },
  SESSION_ALREADY_OPEN: {
    status: 409,
    code: 'CONFLICT',
    message: 'A session is open already. End it before you start another.',
  },
  SESSION_PAUSED: {
    status: 409,
    code: 'CONFLICT',
    message: 'The session is paused. Resume it to generate.',
  },
  SESSION_ENDED: { status: 409, code: 'CONFLICT', message: 'That session is over.' },
  REQUEST_IN_PROGRESS: {
    status: 409,
    code: 'CONFLICT',
    message: 'The first call with this idempotency key is still under way. Try again shortly.',
  },
  INVALID_INPUT: { status: 400, code: 'BAD_REQUEST', message: 'The input is not valid.' },
  AMOUNT_BELOW_MINIMUM: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The amount is below the smallest top-up.',
  },
  AMOUNT_ABOVE_MAXIMUM: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The amount is above the largest top-up.',
  },
  INVALID_SIGNATURE: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The signature does not match.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    code: 'UNPROCESSABLE_CONTENT',
    message: 'This idempotency key was used for another request.',
  },
  RATE_LIMITED: {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many requests. Wait for the time in Retry-After.',
  },
  INTERNAL: {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something went wrong on our side. Nothing is lost; try again.',
  },
  PAYMENT_PROVIDER_ERROR: {
    status: 502,
    code: 'BAD_GATEWAY',
    message: 'The payment provider did not answer as expected. Nothing was charged; try again.',
  },
  GENERATION_PROVIDER_ERROR: {
    status: 502,
    code: 'BAD_GATEWAY',
    message: 'The generation provider did not answer as expected. Nothing was charged; try again.',
  },
} as const satisfies Record<string, { status: number; code: string; message: string }>;

/** One of the closed list of reasons. */
export type Reason = keyof typeof reasons;

/** Is this string one of the closed list? For reasons that arrive from outside the type system. */
export const isReason = (value: string): value is Reason => Object.hasOwn(reasons, value);
