import type { TestDatabase } from '@hourly/db/testing';
import { count, createTally, type Tally } from './cast.ts';
import type { Chapter } from './chapter.ts';
import { chapterOf } from './chapters.ts';
import { play } from './play.ts';
import { shrink } from './shrink.ts';
import { openStage, type Stage } from './stage/stage.ts';

/** A database that many chapters were played on grows slow. */
const chaptersOfStage = 25;
const shrinkLimitMs = 60_000;

export interface Plan {
  /** Of the first chapter; the others take the numbers that follow. */
  seed: number;
  chapters: number;
  /** How many are played side by side, each on a stage of its own. */
  lanes: number;
  /** No chapter begins after it. */
  limitMs: number;
  /** Changes each database before its first chapter. */
  prepare?: ((db: TestDatabase) => Promise<void>) | undefined;
}

export interface Failure {
  seed: number;
  chapter: Chapter;
  error: unknown;
}

export interface Report {
  chapters: number;
  tally: Tally;
  /** Of the chapters that failed the one with the smallest seed. */
  failure: Failure | null;
}

/** Plays random chapters until one fails. */
export async function runStories(plan: Plan): Promise<Report> {
  const startedAt = performance.now();
  const report: Report = { chapters: 0, tally: createTally(), failure: null };
  let next = 0;
  const isOver = () =>
    next >= plan.chapters ||
    report.failure !== null ||
    performance.now() - startedAt > plan.limitMs;

  const lane = async () => {
    let stage: Stage | undefined;
    try {
      for (let played = 0; !isOver(); played += 1) {
        if (played % chaptersOfStage === 0) {
          await stage?.close();
          stage = await openStage(plan.prepare);
        }
        const seed = plan.seed + next;
        next += 1;
        await playChapter(stage as Stage, seed, report);
      }
    } finally {
      await stage?.close();
    }
  };
  await Promise.all(Array.from({ length: plan.lanes }, lane));
  return report;
}

async function playChapter(stage: Stage, seed: number, report: Report): Promise<void> {
  const chapter = chapterOf(seed);
  try {
    await play(stage, chapter, report.tally);
    report.chapters += 1;
  } catch (error) {
    if (report.failure === null || seed < report.failure.seed) {
      report.failure = { seed, chapter, error };
    }
  }
}

/** What went wrong in the fewest acts that still show it, and how to play it again. */
export async function explain(
  { seed, chapter, error }: Failure,
  prepare?: Plan['prepare'],
): Promise<string> {
  let told = messageOf(error);
  let stage: Stage | undefined;
  const fails = async (smaller: Chapter): Promise<boolean> => {
    stage ??= await openStage(prepare);
    try {
      await play(stage, smaller, createTally());
      return false;
    } catch (cause) {
      told = messageOf(cause);
      // What is left open would be the next one's.
      await stage.close();
      stage = undefined;
      return true;
    }
  };
  const smallest = await shrink(chapter, fails, shrinkLimitMs);
  await stage?.close();
  return [
    `chapter ${seed}: ${messageOf(error)}`,
    `the smallest found: ${told}`,
    `  ${JSON.stringify({ ...smallest, acts: [] })}`,
    ...smallest.acts.map((act) => `  ${JSON.stringify(act)}`),
    `again: HOURLY_STORIES_SEED=${seed} HOURLY_STORIES_CHAPTERS=1`,
  ].join('\n');
}

/** What is wrong; of anything else the whole trace. */
const messageOf = (error: unknown): string =>
  error instanceof Error && error.name !== 'Wrong' ? `${error.stack}` : String(error);

export function addTally(all: Tally, more: Tally): void {
  all.stories += more.stories;
  for (const kind of ['acts', 'accidents', 'ends'] as const) {
    for (const [what, times] of more[kind]) count(all[kind], what, times);
  }
}
