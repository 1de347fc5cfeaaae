import { Refusal } from '@hourly/contract';
import { EnvError } from '../env.ts';
import { CommandError, UsageError } from './command.ts';

const maxDepth = 3;

/** One clear line. A failure on our side shows its cause: whoever runs this operates the product. */
export function oneLine(error: unknown): string {
  const known =
    error instanceof UsageError || error instanceof CommandError || error instanceof EnvError;
  if (known) return error.message;
  if (error instanceof Refusal && error.status < 500) return `${error.message}${dataOf(error)}`;
  const shown = error instanceof Refusal ? (error.cause ?? error) : error;
  return messagesOf(shown)
    .join(': ')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}

/** The figures that a refusal carries: how much would have been allowed. */
function dataOf({ data }: Refusal): string {
  const figures = Object.entries(data ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return figures.length === 0 ? '' : ` (${figures.join(', ')})`;
}

/** An error and what caused it: `fetch failed` alone helps nobody. */
function messagesOf(error: unknown, depth = 0): string[] {
  const one = error instanceof AggregateError ? error.errors[0] : error;
  if (!(one instanceof Error)) return [String(one)];
  const message = one.message || one.name;
  if (one.cause === undefined || depth === maxDepth) return [message];
  return [message, ...messagesOf(one.cause, depth + 1)];
}
