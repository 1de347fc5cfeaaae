import type { Cli } from '../command.ts';

/** One thing that has to be true. Throws an Error that says what is wrong. */
export interface Check {
  name: string;
  look(cli: Cli): Promise<Sighting>;
  /** The checks after it make no sense without it. */
  stopsWhenFailed?: boolean;
}

export interface Sighting {
  detail: string;
  /** True, but an operator should look at it. */
  attention?: boolean;
}

/** The list must be empty; its items say what is wrong. */
export function expectNone(wrong: readonly string[], sentence: string): void {
  if (wrong.length > 0) throw new Error(`${sentence}: ${wrong.join(', ')}`);
}
