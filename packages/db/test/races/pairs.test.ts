import { auditAccounts } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { expectSoundBooks } from '../support/sound.ts';
import {
  type Actor,
  actorsOn,
  advance,
  advanceSeconds,
  type Stage,
  setStage,
  setTestStage,
} from './stage.ts';

let db: TestDatabase;
let worker: TestDatabase;
let actors: Record<string, Actor>;
beforeAll(async () => {
  db = await createTestDatabase();
  worker = { ...db, ...createDatabase({ url: db.ownerUrl, role: 'hourly_worker', max: 5 }) };
  actors = { ...actorsOn(db, worker), advance: advance(db) };
});
afterAll(async () => {
  await expectSoundBooks(db);
  await worker.close();
  await db.drop();
});

const callsOfEach = 3;
/** What a command may meet when the other one was first. Anything else fails: deadlocks, lost races, violated keys. */
const expectedReasons = [
  'SESSION_ALREADY_OPEN',
  'NO_OPEN_SESSION',
  'SESSION_PAUSED',
  'SESSION_ENDED',
  'INSUFFICIENT_BALANCE',
];

type Successes = Map<string, unknown[]>;

/** All calls of both at once: what succeeded, by name. */
async function race(stage: Stage, one: string, two: string): Promise<Successes> {
  const successes: Successes = new Map();
  const meet = async (name: string, n: number) => {
    try {
      const answer = await actors[name]?.(stage, n);
      successes.set(name, [...(successes.get(name) ?? []), answer]);
    } catch (error) {
      const { reason } = error as { reason?: string };
      if (!expectedReasons.includes(reason ?? '')) throw error;
    }
  };
  const names = new Set([one, two]);
  const calls = Array.from({ length: callsOfEach }, (_, n) =>
    [...names].map((name) => meet(name, n)),
  );
  await Promise.all(calls.flat());
  return successes;
}

/** What there is of an account now, counted in the rows themselves. */
async function countRows(accountId: string) {
  const { rows } = await db.owner.query<Record<string, number>>(
    `select
       (select count(*) from hourly_usage_sessions where account_id = a.id)::int as sessions,
       (select count(*) from hourly_topup_transactions where account_id = a.id)::int as topups,
       (select count(*) from hourly_generations where account_id = a.id)::int as generations,
       (select count(*) from hourly_api_keys where account_id = a.id)::int as keys,
       (select count(*) from hourly_refunds where account_id = a.id)::int as refunds,
       count(*) filter (where e.type = 'topup')::int as credits,
       count(*) filter (where e.type = 'adjustment')::int as adjustments,
       count(*) filter (where e.type = 'refund')::int as "refundEntries",
       count(*) filter (where e.type = 'dispute' and e.debit_account_id = a.id)::int as disputes,
       count(*) filter (where e.type = 'dispute' and e.credit_account_id = a.id)::int as "wonDisputes"
     from hourly_account_balance a left join hourly_ledger_entries e on e.account_id = a.id
     where a.id = $1 group by a.id`,
    [accountId],
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('no such account');
  return counts;
}

/** Every success has left its row, and nothing else has left any. */
async function expectEachEffectOnce(
  stage: Stage,
  before: Record<string, number>,
  successes: Successes,
): Promise<void> {
  const { accountId } = stage;
  const audited = await auditAccounts(db, {
    afterAccountId: String(Number(accountId) - 1),
    limit: 1,
  });
  expect(audited.differences).toEqual([]);
  const now = await countRows(accountId);
  const added = Object.fromEntries(
    Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
  const times = (name: string) => successes.get(name)?.length ?? 0;
  const once = (name: string) => Math.min(1, times(name));
  const started = ['start with one key', 'start with own keys'].flatMap(
    (name) => successes.get(name) ?? [],
  ) as { id: string }[];
  const refunds = times('refund') + once('refund from outside');
  expect(added).toMatchObject({
    sessions: new Set(started.map(({ id }) => id)).size,
    topups: times('topup'),
    generations: times('generate'),
    keys: times('key'),
    adjustments: times('adjust'),
    credits: once('credit'),
    refunds,
    refundEntries: refunds,
  });
  // Heard of as won first, a dispute moves nothing; else it is debited once, and credited back once.
  expect(added.disputes).toBeLessThanOrEqual(once('dispute'));
  expect(added.wonDisputes).toBe(added.disputes);
}

const names = Object.keys(actorsOn({} as TestDatabase, {} as TestDatabase));
/** They change nothing that the others of them look at. */
const bystanders = ['seal', 'key', 'status', 'statement', 'audit'];
const pairs = names
  .flatMap((one, index) => names.slice(index).map((two) => [one, two] as const))
  .filter((pair) => !pair.every((name) => bystanders.includes(name)) || pair[0] === pair[1]);

test.each(pairs)('%s / %s', async (one, two) => {
  const stage = await setStage(db);
  const before = await countRows(stage.accountId);
  const successes = await race(stage, one, two);
  await expectEachEffectOnce(stage, before, successes);
});

describe('in test mode', () => {
  const noneOfTests = [
    'credit',
    'failed payment',
    'report of our refund',
    'refund from outside',
    'dispute',
  ];
  const others = names.filter((name) => !noneOfTests.includes(name));

  test.each(['advance', ...others])('advance / %s', async (other) => {
    const stage = await setTestStage(db);
    const { accountId } = stage;
    const clock = async () => {
      const { rows } = await db.owner.query<{ at: Date }>(
        'select clock_at as at from hourly_account_balance where id = $1',
        [accountId],
      );
      return rows[0]?.at.getTime() ?? 0;
    };
    const before = await countRows(accountId);
    const beforeMs = await clock();
    const successes = await race(stage, 'advance', other);
    expect((await clock()) - beforeMs).toBe(callsOfEach * advanceSeconds * 1000);
    const { credits = 0, ...rest } = before;
    // A top-up is paid at once there.
    const paid = successes.get('topup')?.length ?? 0;
    await expectEachEffectOnce(stage, { ...rest, credits: credits + paid }, successes);
  });
});
