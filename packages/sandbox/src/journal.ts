import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One line of the journal: the newest state of one thing. The last line of an id wins. */
export interface Entry {
  kind: string;
  value: { id: string };
  /** The thing with this id is no more. */
  isGone?: true | undefined;
}

/**
 * Remembers entries over restarts. `append` writes before it returns, so an entry survives the
 * process being killed right after it (not the machine losing power).
 */
export interface Journal {
  append(entry: Entry): void;
  /** Writes the file anew: what is there now, and nothing of what was. */
  compact(): void;
  close(): void;
}

const COMPACT_AFTER_LINES = 20_000;

export const forgetfulJournal: Journal = {
  append: () => {},
  compact: () => {},
  close: () => {},
};

/** All whole lines of a journal file. A torn or foreign line is skipped: it was never acknowledged. */
function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const entries: Entry[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = parseLine(line);
    if (entry) entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): Entry | null {
  if (line === '') return null;
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null;
    const isWhole = typeof entry?.kind === 'string' && typeof entry.value?.id === 'string';
    return isWhole ? (entry as Entry) : null;
  } catch {
    return null;
  }
}

/** Writes the whole buffer: `writeSync` may take only a part of it. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(fd, bytes, offset);
}

/** Replaces the file by the given entries: whole or not at all. */
function rewrite(file: string, entries: Iterable<Entry>): number {
  const fd = openSync(`${file}.new`, 'w', 0o600);
  let lines = 0;
  try {
    for (const entry of entries) {
      writeAll(fd, `${JSON.stringify(entry)}\n`);
      lines += 1;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
  return lines;
}

/**
 * Opens `<dataDir>/sandbox.jsonl`: hands every remembered entry to `replay` in order, then
 * compacts the file to what `snapshot` gives. Compacts again when it has grown a lot.
 */
export function openJournal(options: {
  dataDir: string;
  replay: (entry: Entry) => void;
  snapshot: () => Iterable<Entry>;
}): Journal {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const file = join(options.dataDir, 'sandbox.jsonl');
  for (const entry of readEntries(file)) options.replay(entry);

  let compactedLines = rewrite(file, options.snapshot());
  let lines = compactedLines;
  let fd: number | null = openSync(file, 'a', 0o600);

  const compact = () => {
    if (fd !== null) closeSync(fd);
    fd = null;
    compactedLines = rewrite(file, options.snapshot());
    lines = compactedLines;
    fd = openSync(file, 'a', 0o600);
  };

  return {
    append(entry) {
      if (fd === null) throw new Error('the journal is closed');
      // Before the write: the snapshot doesn't hold the new entry yet.
      if (lines > COMPACT_AFTER_LINES && lines > 4 * compactedLines) compact();
      writeAll(fd, `${JSON.stringify(entry)}\n`);
      lines += 1;
    },
    compact,
    close() {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}
