import { type Reason, Refusal, type RefusalData, reasons } from '@hourly/contract';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

/** What of an error callers see. Nothing of the cause of a 5xx. */
export interface PublicError {
  reason: Reason;
  /** tRPC's name for the status. */
  code: (typeof reasons)[Reason]['code'];
  status: number;
  message: string;
  data: RefusalData;
}

/** tRPC's own refusals in our words; the codes that are not here are INTERNAL. */
const reasonOfCode: Partial<Record<TRPCError['code'], Reason>> = {
  PARSE_ERROR: 'INVALID_INPUT',
  BAD_REQUEST: 'INVALID_INPUT',
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_SUPPORTED: 'METHOD_NOT_ALLOWED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  TOO_MANY_REQUESTS: 'RATE_LIMITED',
};

/** The one place where an error becomes what callers see, in tRPC and in REST. */
export function publicErrorOf(error: unknown): PublicError {
  const refusal = refusalOf(error);
  const { status, code, message } = reasons[refusal.reason];
  const isOurs = status < 500;
  return {
    reason: refusal.reason,
    code,
    status,
    message: isOurs ? refusal.message : message,
    data: isOurs ? refusal.data : {},
  };
}

/** The flat body of a REST error; in tRPC the same stands in `error.data`. */
export const errorBodyOf = (error: PublicError, requestId: string) => ({
  ...error.data,
  message: error.message,
  code: error.code,
  reason: error.reason,
  requestId,
});

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof TRPCError)) return new Refusal('INTERNAL', { cause: error });
  const { cause } = error;
  if (cause instanceof Refusal) return cause;
  const reason = reasonOfCode[error.code] ?? 'INTERNAL';
  if (reason !== 'INVALID_INPUT') return new Refusal(reason, { cause: error });
  return new Refusal(reason, { data: { issues: issuesOf(error) } });
}

function issuesOf({ cause, message }: TRPCError): { path: PropertyKey[]; message: string }[] {
  if (!(cause instanceof ZodError)) return [{ path: [], message }];
  return cause.issues.map((issue) => ({ path: issue.path, message: issue.message }));
}
