import { runCli } from '../../src/cli/run.ts';

export interface Printed {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process, with an environment of its own. */
export async function hourly(
  environment: Readonly<Record<string, string>>,
  ...argv: string[]
): Promise<Printed> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, {
    environment,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
