import { type Entry, forgetfulJournal, type Journal, openJournal } from './journal.ts';

interface Row {
  id: string;
}

/**
 * A bounded map in order of creation whose every change goes to the journal. Values are never
 * changed in place: `put` a new one under the same id. Beyond its limit it forgets the oldest.
 */
export interface Table<T extends Row, Index extends string = never> {
  get(id: string): T | undefined;
  put(value: T): T;
  remove(id: string): void;
  /** Newest creation first, made as it is read: taking a few is cheap however many there are. */
  newestFirst(): Iterable<T>;
  oldestFirst(): Iterable<T>;
  /** The rows whose index has this value, newest creation first. */
  where(index: Index, value: string): Iterable<T>;
  readonly size: number;
}

export interface Shelf {
  /** `indexes` name a value of each row, which must never change, or null to leave it out. */
  table<T extends Row, Index extends string = never>(
    kind: string,
    limit: number,
    indexes?: Record<Index, (row: T) => string | null>,
  ): Table<T, Index>;
  /** Replays what is remembered. Call once, after every table has been made. */
  open(): void;
  /** Forgets everything, on disk too. */
  clear(): void;
  close(): void;
}

/** What a shelf needs of a table whose rows' type it doesn't know. */
interface Stored {
  apply(value: Row): void;
  forget(id: string): void;
  clear(): void;
  rows(): Iterable<Row>;
}

function* reversed<T>(items: readonly T[]): Iterable<T> {
  for (let at = items.length - 1; at >= 0; at -= 1) yield items[at] as T;
}

/** Rows by id, remembering in which order they were made. */
function createRows<T extends Row>(
  limit: number,
  indexes: Record<string, (row: T) => string | null>,
) {
  const values = new Map<string, { value: T; position: number }>();
  const lists = Object.entries(indexes).map(([name, of]) => {
    return { name, of, ids: new Map<string, string[]>() };
  });
  /** Ids by position; those that are gone stay as gaps until there are as many gaps as rows. */
  let order: string[] = [];
  let oldest = 0;

  const isAt = (id: string, position: number) => values.get(id)?.position === position;

  const closeGaps = () => {
    if (order.length < 64 || order.length < 2 * values.size) return;
    const kept = order.filter(isAt);
    order = kept;
    oldest = 0;
    for (const [position, id] of kept.entries()) {
      const row = values.get(id);
      if (row) row.position = position;
    }
  };

  const forget = (id: string) => {
    const row = values.get(id);
    if (!row) return;
    values.delete(id);
    for (const { of, ids } of lists) {
      const key = of(row.value);
      const list = key === null ? undefined : ids.get(key);
      if (key === null || !list) continue;
      const left = list.filter((other) => other !== id);
      if (left.length === 0) ids.delete(key);
      else ids.set(key, left);
    }
    closeGaps();
  };

  const forgetOldest = () => {
    while (oldest < order.length) {
      const id = order[oldest] ?? '';
      const isThere = isAt(id, oldest);
      oldest += 1;
      if (isThere) return forget(id);
    }
  };

  return {
    values,
    forget,
    apply(value: T) {
      const row = values.get(value.id);
      if (row) {
        row.value = value;
        return;
      }
      values.set(value.id, { value, position: order.length });
      order.push(value.id);
      for (const { of, ids } of lists) {
        const key = of(value);
        if (key === null) continue;
        const list = ids.get(key);
        if (list) list.push(value.id);
        else ids.set(key, [value.id]);
      }
      if (values.size > limit) forgetOldest();
    },
    clear() {
      values.clear();
      for (const { ids } of lists) ids.clear();
      order = [];
      oldest = 0;
    },
    *oldestFirst(): Iterable<T> {
      for (const [position, id] of order.entries()) {
        const row = values.get(id);
        if (row?.position === position) yield row.value;
      }
    },
    *newestFirst(): Iterable<T> {
      for (let position = order.length - 1; position >= oldest; position -= 1) {
        const row = values.get(order[position] ?? '');
        if (row?.position === position) yield row.value;
      }
    },
    *where(name: string, key: string): Iterable<T> {
      const ids = lists.find((list) => list.name === name)?.ids.get(key) ?? [];
      for (const id of reversed(ids)) {
        const row = values.get(id);
        if (row) yield row.value;
      }
    },
  };
}

/** Tables that share one journal in `dataDir`; without it they last as long as the process. */
export function createShelf(dataDir: string | undefined): Shelf {
  const tables = new Map<string, Stored>();
  let journal: Journal = forgetfulJournal;

  const replay = ({ kind, value, isGone }: Entry) => {
    if (isGone) tables.get(kind)?.forget(value.id);
    else tables.get(kind)?.apply(value);
  };

  function* snapshot(): Iterable<Entry> {
    for (const [kind, table] of tables) for (const value of table.rows()) yield { kind, value };
  }

  return {
    table<T extends Row, Index extends string = never>(
      kind: string,
      limit: number,
      indexes?: Record<Index, (row: T) => string | null>,
    ): Table<T, Index> {
      const rows = createRows<T>(limit, indexes ?? {});
      tables.set(kind, {
        apply: (value) => rows.apply(value as T),
        forget: rows.forget,
        clear: rows.clear,
        rows: rows.oldestFirst,
      });
      return {
        get: (id) => rows.values.get(id)?.value,
        put(value) {
          journal.append({ kind, value });
          rows.apply(value);
          return value;
        },
        remove(id) {
          if (!rows.values.has(id)) return;
          journal.append({ kind, value: { id }, isGone: true });
          rows.forget(id);
        },
        newestFirst: rows.newestFirst,
        oldestFirst: rows.oldestFirst,
        where: rows.where,
        get size() {
          return rows.values.size;
        },
      };
    },
    open() {
      if (dataDir !== undefined) journal = openJournal({ dataDir, replay, snapshot });
    },
    clear() {
      for (const table of tables.values()) table.clear();
      journal.compact();
    },
    close: () => journal.close(),
  };
}
