import { createReadStream } from 'node:fs';
import { CommandError } from './command.ts';

/**
 * The lines of a text file, by line feeds alone: Node's own readline also breaks at U+2028, which JSON may contain.
 *
 * @throws CommandError when it can't be read
 */
export async function* linesOfFile(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new CommandError(`cannot read ${file}: ${error.message}`);
  }
  if (rest !== '') yield rest;
}
