import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';

/** Something in a statement that is not as it should be. */
export interface Flaw {
  /** Of the file, from 1. */
  line: number;
  what: string;
  expected: string;
  found: string;
}

export interface Verification {
  ledgerId: string | null;
  entries: number;
  seals: number;
  /** How many of the entries lie before the last seal. */
  sealedEntries: number;
  balanceCents: number;
  /** The seal whose hash was asked for; null when no seal has it, or none was asked for. */
  head: { sealNo: number; lastEntryNo: number } | null;
}

const integer = z.int();
const lineSchemas = {
  // First what most lines are.
  entry: z.object({ entryNo: integer, amountCents: integer, balanceAfterCents: integer }),
  ledger: z.object({ hourlyLedger: z.literal(1), ledgerId: z.string() }),
  hash: z.object({ hash: z.string() }),
  seal: z.object({ sealNo: integer, lastEntryNo: integer, sealedAtUs: integer }),
  end: z.object({ entries: integer, sealedEntries: integer, balanceCents: integer }),
};

/**
 * Checks a statement line by line, with nothing but itself: every hash, the numbers of its entries and seals, and every
 * balance. A flaw is told once, where it begins: what follows is measured by what is there.
 *
 * @param lines without their line feeds
 * @param head a hash that one of the seals must have
 */
export async function verifyStatement(
  lines: AsyncIterable<string> | Iterable<string>,
  { head, onFlaw }: { head?: string | undefined; onFlaw: (flaw: Flaw) => void },
): Promise<Verification> {
  const reader = new StatementReader(onFlaw, head);
  for await (const line of lines) reader.read(line);
  return reader.finish();
}

class StatementReader {
  #line = 0;
  #hash: Hash = createHash('sha256');
  /** What the line before was. */
  #before: keyof typeof lineSchemas | null = null;
  #found: Verification = {
    ledgerId: null,
    entries: 0,
    seals: 0,
    sealedEntries: 0,
    balanceCents: 0,
    head: null,
  };
  readonly #onFlaw: (flaw: Flaw) => void;
  readonly #head: string | undefined;

  constructor(onFlaw: (flaw: Flaw) => void, head: string | undefined) {
    this.#onFlaw = onFlaw;
    this.#head = head;
  }

  read(line: string): void {
    this.#line += 1;
    const parsed = parse(line);
    this.#expectOrder(parsed?.kind ?? 'no line of a statement');
    // A hash is the last word on the lines before it, and the first of those that the next one is taken of.
    if (parsed?.kind === 'hash') this.#readHash(parsed.hash);
    this.#hash.update(`${line}\n`);
    if (parsed?.kind === 'ledger') this.#found.ledgerId = parsed.ledgerId;
    if (parsed?.kind === 'entry') this.#readEntry(parsed);
    if (parsed?.kind === 'seal') this.#readSeal(parsed);
    if (parsed?.kind === 'end') this.#readEnd(parsed);
    this.#before = parsed?.kind ?? null;
  }

  finish(): Verification {
    this.#line += 1;
    this.#expect(
      'end of the statement',
      'its last line',
      this.#before === 'end' ? null : 'cut off',
    );
    if (this.#head !== undefined && this.#found.head === null) {
      this.#expect('seals', `one with the hash ${this.#head}`, 'none');
    }
    return this.#found;
  }

  /** The ledger and its hash come first, a seal is followed by its hash, and nothing follows the end. */
  #expectOrder(kind: string): void {
    const before = this.#before;
    const allowed =
      this.#line === 1
        ? ['ledger']
        : before === 'ledger' || before === 'seal'
          ? ['hash']
          : before === 'end'
            ? []
            : ['entry', ...(before === 'entry' ? ['seal'] : []), 'end'];
    if (!allowed.includes(kind)) this.#tell('line', allowed.join(' or ') || 'no more', kind);
  }

  #readHash(hash: string): void {
    const { seals, entries } = this.#found;
    const what = seals === 0 ? 'hash of the ledger' : `hash of seal ${seals}`;
    this.#expect(what, hash, unlessEqual(this.#hash.digest('hex'), hash));
    this.#hash = createHash('sha256');
    if (hash === this.#head && seals > 0) {
      this.#found.head = { sealNo: seals, lastEntryNo: entries };
    }
  }

  #readEntry(entry: z.output<typeof lineSchemas.entry>): void {
    const found = this.#found;
    const no = found.entries + 1;
    this.#expect('number of the entry', String(no), unlessEqual(entry.entryNo, no));
    const balance = found.balanceCents + entry.amountCents;
    const after = entry.balanceAfterCents;
    this.#expect(
      `balance after entry ${entry.entryNo}`,
      String(balance),
      unlessEqual(after, balance),
    );
    found.entries = entry.entryNo;
    found.balanceCents = after;
  }

  #readSeal(seal: z.output<typeof lineSchemas.seal>): void {
    const found = this.#found;
    const no = found.seals + 1;
    this.#expect('number of the seal', String(no), unlessEqual(seal.sealNo, no));
    const last = found.entries;
    this.#expect(`last entry of seal ${no}`, String(last), unlessEqual(seal.lastEntryNo, last));
    found.seals = seal.sealNo;
    found.sealedEntries = seal.lastEntryNo;
  }

  #readEnd(end: z.output<typeof lineSchemas.end>): void {
    const found = this.#found;
    for (const [what, here, said] of [
      ['entries', found.entries, end.entries],
      ['sealed entries', found.sealedEntries, end.sealedEntries],
      ['balance', found.balanceCents, end.balanceCents],
    ] as const) {
      this.#expect(what, String(here), unlessEqual(said, here));
    }
  }

  #expect(what: string, expected: string, found: string | null): void {
    if (found !== null) this.#tell(what, expected, found);
  }

  #tell(what: string, expected: string, found: string): void {
    this.#onFlaw({ line: this.#line, what, expected, found });
  }
}

const unlessEqual = (found: string | number, expected: string | number): string | null =>
  found === expected ? null : String(found);

type Parsed = {
  [Kind in keyof typeof lineSchemas]: { kind: Kind } & z.output<(typeof lineSchemas)[Kind]>;
}[keyof typeof lineSchemas];

/** Null when it is no line of a statement. */
function parse(line: string): Parsed | null {
  const json = jsonOf(line);
  for (const [kind, schema] of Object.entries(lineSchemas)) {
    const { success, data } = schema.safeParse(json);
    if (success) return { kind, ...data } as Parsed;
  }
  return null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
