import { type Reason, Refusal } from '@hourly/contract';

/**
 * What a database error means to a caller, by SQLSTATE. Everything that is not here is INTERNAL: the rules refuse by
 * values, so an error says that the input could not even be read, or that something is wrong on our side.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const reasonOfSqlState = {
  /** numeric_value_out_of_range */
  '22003': 'INVALID_INPUT',
  /** datetime_field_overflow */
  '22008': 'INVALID_INPUT',
  /** invalid_datetime_format */
  '22007': 'INVALID_INPUT',
  /** character_not_in_repertoire */
  '22021': 'INVALID_INPUT',
  /** invalid_parameter_value, e.g. a time zone that Postgres does not know */
  '22023': 'INVALID_INPUT',
  /** untranslatable_character */
  '22P05': 'INVALID_INPUT',
} as const satisfies Record<string, Reason>;

export function refusalOfSqlError(error: unknown): Refusal {
  const state = sqlStateOf(error);
  const reason =
    state !== undefined && Object.hasOwn(reasonOfSqlState, state)
      ? reasonOfSqlState[state as keyof typeof reasonOfSqlState]
      : 'INTERNAL';
  return new Refusal(reason, { cause: error });
}

function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
