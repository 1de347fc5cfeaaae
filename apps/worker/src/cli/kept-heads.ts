import { checkLedgerHeads, type Database, type HeadDifference } from '@hourly/db';
import { z } from 'zod';
import { CommandError } from './command.ts';
import { linesOfFile } from './file-lines.ts';

/** Every call looks through all accounts once, so that it is worth asking about many heads at a time. */
const batchSize = 10_000;

const head = z.object({
  ledgerId: z.uuid(),
  sealNo: z.int().min(1),
  lastEntryNo: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Compares a file of heads, as `seals heads` printed them, with the seals of today. Answers how many heads there are.
 *
 * @throws CommandError when the file can't be read or holds something else
 */
export async function checkKeptHeads(
  db: Database,
  file: string,
  onDifference: (difference: HeadDifference) => void,
): Promise<number> {
  let heads = 0;
  for await (const batch of batches(file)) {
    const { differences } = await checkLedgerHeads(db, batch);
    heads += batch.length;
    for (const difference of differences) onDifference(difference);
  }
  return heads;
}

async function* batches(file: string): AsyncGenerator<z.output<typeof head>[]> {
  let batch: z.output<typeof head>[] = [];
  let number = 0;
  for await (const line of linesOfFile(file)) {
    number += 1;
    if (line.trim() === '') continue;
    batch.push(headOf(line, `${file}, line ${number}`));
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function headOf(line: string, place: string): z.output<typeof head> {
  try {
    return head.parse(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw new CommandError(`${place}: not a head of a ledger`);
  }
}
