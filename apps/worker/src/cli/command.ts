import type { ParseArgsConfig } from 'node:util';
import type { Database } from '@hourly/db';
import type { ServiceContext } from '@hourly/services';
import type { z } from 'zod';

/** What commands work with; each part is opened when it is first asked for, and closed after the command. */
export interface Cli {
  db(): Database;
  /** Also reaches Razorpay and RunPod, and so needs their variables. */
  services(): ServiceContext;
  /** Writes a line for people at once; for machines it is left out. */
  say(line: string): void;
  /** Writes lines for people and machines alike, and waits until they are taken. Answers whether anybody reads on. */
  print(lines: string): Promise<boolean>;
  /** The path of a file that the operator named from where they stand. */
  fileOf(name: string): string;
}

/** What a command found or did, for people and for machines. */
export interface Outcome {
  /** Null when everything was said already. */
  text: string | null;
  /** Left out when everything was printed already. */
  json?: unknown;
  /** The command ran and found something wrong: exit code 1. */
  failed?: boolean;
}

/** A command line that makes no sense: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something an operator can understand and act on, in one line: exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}

export interface Command {
  /** The words that call it: `keys create`. */
  name: string;
  /** Its arguments: `--user U --mode live|test`. */
  usage: string;
  summary: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** Names of the arguments that follow the command's words, in order; all are required. */
  positionals: readonly string[];
  run(cli: Cli, args: Readonly<Record<string, unknown>>): Promise<Outcome>;
}

/** A command whose arguments are checked by `input` before it runs. */
export function defineCommand<Input extends z.ZodObject>(
  definition: Omit<Command, 'run' | 'options' | 'positionals'> &
    Partial<Pick<Command, 'options' | 'positionals'>> & {
      input: Input;
      run: (cli: Cli, input: z.output<Input>) => Promise<Outcome>;
    },
): Command {
  const { input, run, options = {}, positionals = [], ...rest } = definition;
  return {
    ...rest,
    options,
    positionals,
    run(cli, args) {
      const parsed = input.safeParse(args);
      if (parsed.success) return run(cli, parsed.data);
      const problems = parsed.error.issues.map((issue) => {
        const name = String(issue.path[0] ?? '');
        return `${name in options ? '--' : ''}${name}: ${issue.message}`;
      });
      throw new UsageError(problems.join('; '));
    },
  };
}
