import { Problem } from '../http.ts';

/** The error body Razorpay documents at https://razorpay.com/docs/errors/. */
export interface RazorpayError {
  code: string;
  description: string;
  source: string;
  step: string;
  reason: string;
  metadata: Record<string, string>;
  field?: string;
}

/** 400 for input that Razorpay refuses, naming the field where there is one. */
export function badRequest(description: string, field?: string): Problem {
  const error: RazorpayError = {
    code: 'BAD_REQUEST_ERROR',
    description,
    source: field === undefined ? 'NA' : 'business',
    step: field === undefined ? 'NA' : 'payment_initiation',
    reason: field === undefined ? 'NA' : 'input_validation_failed',
    metadata: {},
    ...(field === undefined ? {} : { field }),
  };
  return new Problem({ status: 400, body: { error } });
}

/** An idempotency key that another request has, or has had. */
export function conflict(description: string): Problem {
  return new Problem({ ...badRequest(description).reply, status: 409 });
}

/** Unknown ids are a 400 at Razorpay, not a 404. */
export function unknownId(): Problem {
  return badRequest('The id provided does not exist');
}

/** Unknown paths and methods are, too. */
export function unknownUrl(): Problem {
  return badRequest('The requested URL was not found on the server.');
}

export function authenticationFailed(): Problem {
  const reply = badRequest('Authentication failed').reply;
  return new Problem({ ...reply, status: 401 });
}
