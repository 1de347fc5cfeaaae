import { Refusal } from '@hourly/contract';
import { EnvError } from '../env.ts';
import { CommandError, UsageError } from './command.ts';

/** One clear line. A failure on our side shows its cause: whoever runs this operates the product. */
export function oneLine(error: unknown): string {
  const known =
    error instanceof UsageError || error instanceof CommandError || error instanceof EnvError;
  if (known) return error.message;
  const cause = error instanceof Refusal && error.status >= 500 ? error.cause : undefined;
  const shown = cause ?? error;
  const inner = shown instanceof AggregateError ? shown.errors[0] : shown;
  const message = inner instanceof Error ? inner.message || inner.name : String(inner);
  return message.split('\n').filter(Boolean).join(' ').trim();
}
