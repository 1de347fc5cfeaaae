import { type Entry, forgetfulJournal, type Journal, openJournal } from './journal.ts';

/**
 * A bounded map in order of creation whose every change goes to the journal. Values are never
 * changed in place: `put` a new one under the same id.
 */
export interface Table<T extends { id: string }> {
  get(id: string): T | undefined;
  put(value: T): T;
  /** Newest creation first. */
  newestFirst(): T[];
}

export interface Shelf {
  table<T extends { id: string }>(kind: string, limit: number): Table<T>;
  /** Replays what is remembered. Call once, after every table has been made. */
  open(): void;
  close(): void;
}

/** Tables that share one journal in `dataDir`; without it they last as long as the process. */
export function createShelf(dataDir: string | undefined): Shelf {
  const rows = new Map<string, { map: Map<string, { id: string }>; limit: number }>();
  let journal: Journal = forgetfulJournal;

  const remember = (kind: string, value: { id: string }) => {
    const table = rows.get(kind);
    if (!table) return;
    table.map.set(value.id, value);
    if (table.map.size <= table.limit) return;
    const oldest = table.map.keys().next().value;
    if (oldest !== undefined) table.map.delete(oldest);
  };

  function* snapshot(): Iterable<Entry> {
    for (const [kind, { map }] of rows) for (const value of map.values()) yield { kind, value };
  }

  return {
    table<T extends { id: string }>(kind: string, limit: number): Table<T> {
      const map = new Map<string, T>();
      rows.set(kind, { map, limit });
      return {
        get: (id) => map.get(id),
        put(value) {
          journal.append({ kind, value });
          remember(kind, value);
          return value;
        },
        newestFirst: () => [...map.values()].reverse(),
      };
    },
    open() {
      if (dataDir === undefined) return;
      const replay = ({ kind, value }: Entry) => remember(kind, value);
      journal = openJournal({ dataDir, replay, snapshot });
    },
    close: () => journal.close(),
  };
}
