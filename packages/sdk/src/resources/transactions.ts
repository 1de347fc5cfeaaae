import { type List, listOf } from '../list.ts';
import type { CallOptions } from '../options.ts';
import type { Transport } from '../transport.ts';
import type { LedgerEntry, Page, PageInput } from '../types.ts';

/** The account's ledger: every cent in and out, with the balance after it. */
export class Transactions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All entries, newest first. */
  list(input: PageInput = {}, options?: CallOptions): List<LedgerEntry> {
    return listOf(input.cursor, (cursor) =>
      this.#transport.get<Page<LedgerEntry>>('/transactions', { ...input, cursor }, options),
    );
  }
}
