import { Refusal, type Session } from '@hourly/contract';
import { getSession, getStatus, type Request } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { expect } from 'vitest';
import { eventTypes, ledgerOf } from '../support/history.ts';
import { actionOf } from './actions.ts';
import { expectationOf } from './expectations.ts';
import { instantAfter, shownInstant } from './instants.ts';
import type { Example } from './read-document.ts';
import { readStep, type Step } from './read-step.ts';
import type { Seen } from './seen.ts';
import { beginStory, nowOf, type Story } from './story.ts';

interface ReadLine extends Step {
  /** Names the line where something about it is wrong. */
  where: string;
  run: ReturnType<typeof actionOf> | undefined;
  checks: { text: string; check: ReturnType<typeof expectationOf> }[];
}

/** Reads every line of an example. Throws with the line's number where one cannot be read, or nothing is expected. */
export function readExample({ line, steps }: Example): ReadLine[] {
  let previousUs = 0;
  const lines = steps.map(({ line: number, text }) => {
    const where = `line ${number}: ${text}`;
    try {
      const step = readStep(text, previousUs);
      previousUs = step.atUs ?? previousUs;
      return {
        ...step,
        where,
        run: step.atUs === null ? undefined : actionOf(step.action),
        checks: step.expected.map((claim) => ({ text: claim, check: expectationOf(claim) })),
      };
    } catch (error) {
      throw new Error(`${where}\n${error}`);
    }
  });
  if (!lines.some(({ checks }) => checks.length > 0)) {
    throw new Error(`line ${line}: the example expects nothing`);
  }
  return lines;
}

/** Executes an example with a customer of its own. Throws at the first line that does not come true. */
export async function runExample(db: TestDatabase, example: Example): Promise<void> {
  const lines = readExample(example);
  const story = await beginStory(
    db,
    lines.filter(({ atUs }) => atUs === null),
  );
  const startedIds: string[] = [];
  for (const line of lines) {
    if (line.run === undefined) continue;
    story.now = instantAfter(story.begin, line.atUs ?? 0);
    const before = {
      entries: await ledgerOf(db, story.accountId),
      events: await eventCount(story),
    };
    const done = await answerOf(story, { ...line, run: line.run });
    if (/^start/.test(line.action) && isSession(done.answer)) startedIds.push(done.answer.id);
    const seen = { ...(await lookAround(story, before)), ...done, startedIds };
    await checkLine(story, line, seen);
  }
}

const eventCount = async ({ db, accountId }: Story) => (await eventTypes(db, accountId)).length;

async function answerOf(
  story: Story,
  { run, key, action }: ReadLine & { run: NonNullable<ReadLine['run']> },
): Promise<Pick<Seen, 'answer' | 'refusal'>> {
  const request: Request | undefined =
    key === null ? undefined : { key, inputHash: inputOf(action) };
  try {
    return { answer: await run(story, request), refusal: undefined };
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error;
    return { answer: undefined, refusal: error };
  }
}

/** What the key stands for beside the procedure: a plain start and a plain end have the same input, none. */
const inputOf = (action: string): string => action.replace(/^(start|end)\b/, '');

async function lookAround(
  story: Story,
  before: { entries: unknown[]; events: number },
): Promise<Omit<Seen, 'answer' | 'refusal' | 'startedIds'>> {
  const { db, accountId, sessionId, begin } = story;
  const {
    session: openSession,
    balance,
    serverTime,
  } = await getStatus(db, {
    accountId,
    ...nowOf(story),
  });
  const session =
    sessionId === undefined
      ? undefined
      : await getSession(db, { accountId, id: sessionId, ...nowOf(story) });
  const entries = await ledgerOf(db, accountId);
  return {
    db,
    accountId,
    begin,
    serverTime,
    session,
    openSession,
    balance,
    entries: entries.slice(before.entries.length),
    events: (await eventTypes(db, accountId)).slice(before.events),
  };
}

async function checkLine(story: Story, line: ReadLine, seen: Seen): Promise<void> {
  const { where, checks } = line;
  if (story.mode === 'test') {
    const at = shownInstant(instantAfter(story.begin, line.atUs ?? 0));
    expect(seen.serverTime, `${where}\nthe clock of the account`).toBe(at);
  }
  for (const { text, check } of checks) {
    const { expected, found } = await check(seen);
    expect(found, `${where}\n${text}`).toEqual(expected);
  }
  if (!checks.some(({ text }) => text.startsWith('refused'))) {
    expect(seen.refusal?.reason, `${where}\nis refused`).toBeUndefined();
  }
  const booked = checks.filter(({ text }) => /^books [^n]/.test(text));
  if (booked.length > 0) {
    expect(seen.entries, `${where}\nbooks more than it says`).toHaveLength(booked.length);
  }
  // What a call answers about a session is what anyone sees of it then.
  if (isSession(seen.answer)) expect(seen.session, where).toMatchObject(seen.answer);
}

const isSession = (answer: unknown): answer is Session =>
  typeof answer === 'object' && answer !== null && 'hoursCharged' in answer;
