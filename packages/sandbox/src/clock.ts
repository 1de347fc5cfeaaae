import { problem } from './http.ts';
import type { Shelf } from './table.ts';

/** setTimeout's own limit is 2^31 ms; waking up early is harmless. */
const SLEEP_LONGEST_MS = 60_000;
const STEPS_MAXIMUM = 200_000;
const ADVANCE_LIMIT_MS = 60_000;
const ADVANCE_SECONDS_MAXIMUM = 400 * 24 * 3600;

/** Something that has work to do at instants of the clock. */
export interface Source {
  /** The earliest instant at which there is work; null when none waits. */
  nextDueMs(): number | null;
  /** Begins what is due, without waiting for it. */
  pump(): void;
  /** Resolves when what was begun is done and nothing more is due. */
  idle(): Promise<void>;
}

export interface ClockView {
  mode: 'real' | 'manual';
  /** Unix seconds, as in `created_at`. */
  now: number;
  /** ISO 8601, to the millisecond. */
  nowIso: string;
}

/**
 * The stand-in's time. Real by default; from the first `advance` on it stands still and moves
 * only when it is told to, until `useReal`.
 */
export interface Clock {
  nowMs(): number;
  /** Unix seconds, as in `created_at`. */
  seconds(): number;
  iso(): string;
  view(): ClockView;
  isManual(): boolean;
  /** Registers who has work at instants. Its own changes are told by `wake`. */
  add(source: Source): void;
  wake(): void;
  /**
   * Moves the clock from one due instant to the next until `seconds` have passed, and waits at
   * each for what is due to be done. A second call waits for the first.
   *
   * @throws 504 when that takes more than `limitMs` (a minute) of real time; the clock stands where it came to.
   */
  advance(seconds: number, limitMs?: number): Promise<void>;
  /** Waits until all that is due by now is done, at most `limitMs`. The clock doesn't move. */
  settle(limitMs: number): Promise<void>;
  /** Stops the clock where it is, or at the given instant. It may go back as well. */
  freeze(atMs?: number): void;
  /** Goes on with real time; what waits keeps its instants. */
  useReal(): void;
  start(): void;
  stop(): void;
}

interface Stand {
  id: string;
  manualMs: number | null;
}

const STAND = 'clock';

/** Waits for work with a limit in real time. */
async function within(work: Promise<void>, limitMs: number, what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const refuse = () => reject(problem(504, 'CLOCK_LIMIT', `${what} took longer than its limit.`));
    timer = setTimeout(refuse, Math.max(0, limitMs));
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createClock(shelf: Shelf): Clock {
  const stand = shelf.table<Stand>('clock', 1);
  const sources: Source[] = [];
  let isRunning = false;
  let isPumping = false;
  let isWokenAgain = false;
  let timer: NodeJS.Timeout | null = null;
  let advances: Promise<unknown> = Promise.resolve();

  const manualMs = () => stand.get(STAND)?.manualMs ?? null;
  const nowMs = () => manualMs() ?? Date.now();
  const setManual = (ms: number | null) => stand.put({ id: STAND, manualMs: ms });

  const nextDueMs = (): number | null => {
    const instants = sources.map((source) => source.nextDueMs()).filter((ms) => ms !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  };

  const arm = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    const next = isRunning && manualMs() === null ? nextDueMs() : null;
    if (next === null) return;
    timer = setTimeout(wake, Math.min(SLEEP_LONGEST_MS, Math.max(1, next - Date.now())));
  };

  /** What one source does may be work for another: go round until nobody was woken. */
  const wake = () => {
    if (!isRunning) return;
    isWokenAgain = true;
    if (isPumping) return;
    isPumping = true;
    try {
      for (let round = 0; isWokenAgain && round < STEPS_MAXIMUM; round += 1) {
        isWokenAgain = false;
        for (const source of sources) source.pump();
      }
    } finally {
      isPumping = false;
    }
    arm();
  };

  const doWhatIsDue = async () => {
    wake();
    for (const source of sources) await source.idle();
  };

  const moveTo = async (targetMs: number, limitMs: number) => {
    const startedAt = performance.now();
    const left = () => limitMs - (performance.now() - startedAt);
    for (let step = 0; step < STEPS_MAXIMUM; step += 1) {
      if (!isRunning) throw problem(503, 'STOPPED', 'The stand-in has stopped.');
      await within(doWhatIsDue(), left(), 'Advancing the clock');
      const next = nextDueMs();
      if (next === null || next > targetMs) break;
      setManual(Math.max(nowMs(), next));
    }
    setManual(targetMs);
  };

  return {
    nowMs,
    seconds: () => Math.floor(nowMs() / 1000),
    iso: () => new Date(nowMs()).toISOString(),
    view: () => ({
      mode: manualMs() === null ? 'real' : 'manual',
      now: Math.floor(nowMs() / 1000),
      nowIso: new Date(nowMs()).toISOString(),
    }),
    isManual: () => manualMs() !== null,
    add: (source) => void sources.push(source),
    wake,
    advance(seconds, limitMs = ADVANCE_LIMIT_MS) {
      if (!(seconds >= 0 && seconds <= ADVANCE_SECONDS_MAXIMUM)) {
        throw problem(400, 'BAD_REQUEST_ERROR', 'advanceSeconds must be 0 to 400 days.');
      }
      const move = () => {
        if (manualMs() === null) setManual(Date.now());
        return moveTo(nowMs() + Math.round(seconds * 1000), limitMs);
      };
      const moved = advances.then(move, move);
      advances = moved.catch(() => {});
      return moved;
    },
    settle: (limitMs) => within(doWhatIsDue(), limitMs, 'What is due'),
    freeze(atMs) {
      setManual(atMs ?? nowMs());
      wake();
    },
    useReal() {
      setManual(null);
      wake();
    },
    start() {
      isRunning = true;
      wake();
    },
    stop() {
      isRunning = false;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
