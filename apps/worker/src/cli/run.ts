import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from '@hourly/db';
import { createServiceContext, type Log, type ServiceContext } from '@hourly/services';
import { callerFolder, databaseEnv, workerEnv } from '../env.ts';
import { type Cli, type Command, UsageError } from './command.ts';
import { commands, helpText } from './commands.ts';
import { oneLine } from './one-line.ts';

/** Where a command line writes, and the environment it reads; default: the process's. */
export interface Surroundings {
  out(text: string): void;
  err(text: string): void;
  /** Waits until the reader has taken what was written; answers whether it reads on. Default: it does. */
  taken?(): Promise<boolean>;
  environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs one command line (without node and the script). Answers its exit code: 0 done, 1 failed, 2 not a command. */
export async function runCli(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    const line = parseLine(argv);
    if (line === 'help') {
      around.out(helpText());
      return 0;
    }
    return await execute(line, around);
  } catch (error) {
    around.err(`hourly: ${oneLine(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

interface Line {
  command: Command;
  args: Record<string, unknown>;
  json: boolean;
}

function parseLine(argv: readonly string[]): Line | 'help' {
  const words = argv.filter((word) => word !== '--');
  if (words.length === 0) throw new UsageError('no command; try: npm run -s hourly -- help');
  if (words[0] === 'help' || words.includes('--help') || words.includes('-h')) return 'help';
  const command = commands.find(({ name }) =>
    name.split(' ').every((word, index) => words[index] === word),
  );
  if (!command)
    throw new UsageError(`there is no command "${words.slice(0, 2).join(' ')}"; try help`);
  const rest = words.slice(command.name.split(' ').length);
  const usage = `usage: ${command.name} ${command.usage}`.trim();
  try {
    const { values, positionals } = parseArgs({
      args: withNegatives(rest),
      options: { ...command.options, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
    if (positionals.length !== command.positionals.length) throw new UsageError(usage);
    const { json, ...options }: Record<string, unknown> = values;
    const named = command.positionals.map((name, index) => [name, positionals[index]]);
    return { command, args: { ...options, ...Object.fromEntries(named) }, json: json === true };
  } catch (error) {
    // parseArgs says what is wrong by a TypeError.
    if (error instanceof TypeError) throw new UsageError(`${error.message}; ${usage}`);
    throw error;
  }
}

/** `--cents -500` means what it says; parseArgs would ask for `--cents=-500`. */
function withNegatives(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (before?.startsWith('--') && !before.includes('=') && /^-\d+$/.test(word)) {
      joined[joined.length - 1] = `${before}=${word}`;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

async function execute({ command, args, json }: Line, around: Surroundings): Promise<number> {
  const cli = openCli(json, around);
  try {
    const outcome = await command.run(cli, args);
    const shown = json ? textOf(outcome.json) : outcome.text;
    if (shown !== null) around.out(shown);
    return outcome.failed === true ? 1 : 0;
  } finally {
    await cli.close();
  }
}

const textOf = (json: unknown): string | null =>
  json === undefined ? null : JSON.stringify(json, null, 2);

function openCli(json: boolean, around: Surroundings): Cli & { close(): Promise<void> } {
  const log = warningsTo(around);
  let ctx: ServiceContext | undefined;
  let db: ServiceContext['db'] | undefined;
  return {
    db() {
      db ??=
        ctx?.db ??
        createDatabase({
          url: databaseEnv(around.environment).databaseUrl,
          role: 'hourly_worker',
          max: 2,
        });
      return db;
    },
    services() {
      ctx ??= createServiceContext(workerEnv(around.environment), { role: 'hourly_worker', log });
      return ctx;
    },
    say(text) {
      if (!json) around.out(text);
    },
    async print(lines) {
      around.out(lines);
      return (await around.taken?.()) ?? true;
    },
    fileOf: (name) => path.resolve(callerFolder(around.environment), name),
    async close() {
      await Promise.all([ctx?.db, db === ctx?.db ? undefined : db].map((open) => open?.close()));
    },
  };
}

const ignore = () => {};

/** Warnings go where they do not disturb what a program reads. */
function warningsTo(around: Surroundings): Log {
  const warn = (data: object, message: string) =>
    around.err(`${message}${'err' in data ? `: ${oneLine(data.err)}` : ''}`);
  return { debug: ignore, info: ignore, warn, error: warn };
}
