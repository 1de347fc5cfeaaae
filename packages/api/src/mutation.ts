import { createHash } from 'node:crypto';
import { idempotencyKey, Refusal } from '@hourly/contract';
import type { Mutation } from '@hourly/db';
import type { Caller } from './caller.ts';

interface KeyedInput {
  idempotencyKey?: string | undefined;
}

/**
 * On whose account a mutation acts, and under which idempotency key: of the header, or of the input. A repeat with the
 * same key must ask for the same thing, so a hash of the validated input goes with it; without the key itself, and
 * without `waitSeconds`, which is how long the caller waits and nothing of what is done.
 */
export function mutationOf(
  ctx: { caller: Caller; idempotencyKey: string | null },
  input: KeyedInput | undefined,
): Pick<Mutation, 'accountId' | 'request'> {
  const { accountId } = ctx.caller;
  const key = keyOf(ctx.idempotencyKey, input?.idempotencyKey);
  if (key === undefined) return { accountId };
  return { accountId, request: { key, inputHash: hashOf(input ?? {}) } };
}

function keyOf(header: string | null, input: string | undefined): string | undefined {
  if (header === null) return input;
  const parsed = idempotencyKey.safeParse(header);
  if (!parsed.success) throw invalidKey('must be 1 to 255 characters long');
  if (input !== undefined && input !== header) {
    throw invalidKey('is not the idempotencyKey of the input');
  }
  return header;
}

const invalidKey = (message: string): Refusal =>
  new Refusal('INVALID_INPUT', { data: { issues: [{ path: ['Idempotency-Key'], message }] } });

function hashOf(input: object): string {
  const { idempotencyKey: _key, waitSeconds: _wait, ...rest } = input as Record<string, unknown>;
  return createHash('sha256')
    .update(JSON.stringify(canonical(rest)))
    .digest('hex');
}

/** The same value with its keys in order: equal inputs are equal texts. Inputs are shallow, so is the recursion. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, item]) => [key, canonical(item)]));
}
