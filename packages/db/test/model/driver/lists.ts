import { getUsage, listGenerations, listSessions, listTopups, listTransactions } from '@hourly/db';
import type { Account } from '../simulation/account.ts';
import {
  showEntry,
  showGeneration,
  showSession,
  showTopup,
  showUsage,
} from '../simulation/shows.ts';
import { type Micros, minute, shown } from '../simulation/time.ts';
import { Disagreement } from './compare.ts';
import { knownGeneration, knownTopup } from './known.ts';
import type { Actor, Run } from './run.ts';

interface Page {
  items: object[];
  nextCursor: string | null;
}

interface List {
  read: (page: { cursor?: string; limit: number }) => Promise<Page>;
  /** Newest first. */
  expected: object[];
}

const mostPages = 1000;
const day: Micros = 24n * 60n * minute;
const usageDays = 20n;

/**
 * Compares one of the lists of each account, page by page; which one is up to `nth`. They tell the account's own time, so that
 * nothing may be due any more on live ones.
 */
export async function compareLists(run: Run, nth: number): Promise<void> {
  for (const actor of run.actors) {
    const lists = [transactions, sessions, topups, generations];
    const list = lists[nth % (lists.length + 1)]?.(run, actor);
    if (list === undefined) await compareUsage(run, actor);
    else await comparePages(run, list, 1 + (nth % 7));
  }
}

async function comparePages(run: Run, { read, expected }: List, limit: number): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, nextCursor } = await read({ ...(cursor !== undefined && { cursor }), limit });
    const from = page * limit;
    run.comparison.same(`list from ${from}`, expected.slice(from, from + limit), items);
    const isLast = from + limit >= expected.length;
    if (isLast !== (nextCursor === null)) throw new Disagreement('next page', !isLast, nextCursor);
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
  throw new Error('more pages than there are items');
}

const transactions = (run: Run, { simulated, accountId }: Actor): List => ({
  expected: simulated.ledger.map((entry) => showEntry(simulated, entry)).reverse(),
  read: async (page) => {
    const { items, nextCursor } = await listTransactions(run.db, { accountId, page });
    return { items: items.map(({ description: _, ...entry }) => entry), nextCursor };
  },
});

const sessions = (run: Run, { simulated, accountId }: Actor): List => ({
  expected: simulated.sessions
    .map((session) => ({ ...showSession(simulated, session, simulated.clock), serverTime: null }))
    .reverse(),
  read: async (page) => {
    const { items, nextCursor } = await listSessions(run.db, { accountId, page });
    return { items: items.map((session) => ({ ...session, serverTime: null })), nextCursor };
  },
});

const topups = (run: Run, { simulated, accountId }: Actor): List => ({
  expected: simulated.topups.map((topup) => showTopup(simulated, topup)).reverse(),
  read: async (page) => {
    const { items, nextCursor } = await listTopups(run.db, { accountId, page });
    return { items: items.map(knownTopup), nextCursor };
  },
});

const generations = (run: Run, { simulated, accountId }: Actor): List => ({
  expected: simulated.generations.map((made) => showGeneration(simulated, made)).reverse(),
  read: async (page) => {
    const { items, nextCursor } = await listGenerations(run.db, { accountId, page });
    return { items: items.map(knownGeneration), nextCursor };
  },
});

const timeZones = ['UTC', 'America/New_York', 'Asia/Kolkata'];

async function compareUsage(run: Run, { simulated, accountId }: Actor): Promise<void> {
  const tz = timeZones[simulated.ledger.length % timeZones.length] ?? 'UTC';
  const first = beginningOf(simulated);
  const days = Array.from({ length: Number(usageDays) }, (_, n) =>
    shown(first + BigInt(n) * day).slice(0, 10),
  );
  const from = days[0];
  const to = days.at(-1);
  const expected = { days: showUsage(simulated, days, tz) };
  run.comparison.same('usage', expected, await getUsage(run.db, { accountId, from, to, tz }));
}

/** The day before anything happened. */
const beginningOf = (account: Account): Micros => (account.ledger[0]?.effectiveAt ?? 0n) - day;
