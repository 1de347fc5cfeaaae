import { isReason, Refusal } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { refusalOfSqlError } from './sql-errors.ts';

/** The key with which a caller may repeat a mutation safely, and a hash of the validated input it stands for. */
export interface Request {
  key: string;
  inputHash: string;
}

/** What every mutation of an account takes beside its own input. */
export interface Mutation {
  accountId: string;
  request?: Request | undefined;
  /** The instant to act at, ISO 8601 to the microsecond. For tests and operators; else the account's clock. */
  now?: string | undefined;
}

interface RefusedAnswer {
  refusal: { reason: string; message?: string; data?: Record<string, unknown> };
}

/**
 * Calls one SQL function in one round trip and returns its JSON answer.
 * A refusal arrives as a value, so that what the call settled stays settled, and is thrown here as a {@link Refusal};
 * a database error becomes one through the one map of SQLSTATEs.
 */
export async function call<Answer>(
  db: Pick<Database, 'pool'>,
  name: string,
  args: readonly unknown[],
): Promise<Answer> {
  const placeholders = args.map((_, index) => `$${index + 1}`).join(', ');
  const answer = await query(db, `select ${name}(${placeholders}) as answer`, args);
  if (!isRefused(answer)) return answer as Answer;
  const { reason, message, data } = answer.refusal;
  if (!isReason(reason)) throw new Refusal('INTERNAL', { cause: answer });
  throw new Refusal(reason, { ...(message && { message }), ...(data && { data }) });
}

async function query(db: Pick<Database, 'pool'>, text: string, args: readonly unknown[]) {
  try {
    const { rows } = await db.pool.query<{ answer: unknown }>(text, [...args]);
    return rows[0]?.answer;
  } catch (error) {
    throw refusalOfSqlError(error);
  }
}

const isRefused = (answer: unknown): answer is RefusedAnswer =>
  typeof answer === 'object' && answer !== null && 'refusal' in answer;

/** The arguments that end every mutation's list, in the order of the SQL functions. */
export const mutationArgs = ({
  request,
  now,
}: Pick<Mutation, 'request' | 'now'>): [unknown, unknown, unknown] => [
  request?.key ?? null,
  request?.inputHash ?? null,
  now ?? null,
];

/** What this key was used for before; IDEMPOTENCY_KEY_REUSED when that was something else. For mutations that ask a provider first. */
export const findRequest = (
  db: Pick<Database, 'pool'>,
  input: { accountId: string; procedure: string; request: Request },
): Promise<{ resourceId: string | null }> =>
  call(db, 'find_hourly_request', [
    input.accountId,
    input.procedure,
    input.request.key,
    input.request.inputHash,
  ]);
