import { settleSessions } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { injected } from '../support/faults.ts';
import { holdUp, type Middle, middles } from '../support/hold.ts';
import { expectJourneyOnce, journey } from '../support/journey.ts';
import { overdueSessions, standingOf } from '../support/overdue.ts';
import { type OwnServer, startOwnServer } from '../support/own-server.ts';
import { noPgbouncer, startPooler } from '../support/pgbouncer.ts';
import { settleAll } from '../support/settle-all.ts';
import { expectSoundBooks } from '../support/sound.ts';
import { isLost, untilAnswered } from '../support/until-answered.ts';
import { waitUntil } from '../support/wait-until.ts';

let server: OwnServer;
let app: TestDatabase;
let worker: TestDatabase;

beforeAll(async () => {
  server = await startOwnServer();
  app = server.connect();
  worker = server.connect({ role: 'hourly_worker' });
});
afterAll(() => server.stop());

test.for(Object.keys(middles) as Middle[])(
  'kill -9 of the server process of a settlement while %s',
  async (middle, context) => {
    const overdue = await overdueSessions(app, 8);
    const held = await holdUp(app, middle);
    const lost = expect(settleSessions(worker, { limit: 100 })).rejects.toSatisfy(isLost);
    const [pid = 0] = await held.stuck();
    // Postgres takes no chances then: it ends all of its processes and recovers.
    process.kill(pid, 'SIGKILL');
    injected(context, 'kill -9 of the server process of a settlement');
    await lost;
    await untilAnswered()(() => app.owner.query('select'));
    await held.letGo();
    await untilAnswered()(() => settleAll(worker));
    expect(await standingOf(app, overdue)).toEqual(overdue);
    await expectSoundBooks(app);
  },
);

interface Load {
  /** Calls that were answered so far. */
  answered(): number;
  /** Settles when every customer is done: their accounts. */
  done: Promise<string[]>;
}

/** Customers on their journeys and two workers beside them, all of them undeterred by what they lose. */
function startLoad(name: string, customers: TestDatabase, workers: TestDatabase): Load {
  let answers = 0;
  let isOver = false;
  const retry = untilAnswered();
  const counted: typeof retry = async (call) => {
    const answer = await retry(call);
    answers += 1;
    return answer;
  };
  const settling = Array.from({ length: 2 }, async () => {
    while (!isOver) await retry(() => settleSessions(workers, { limit: 3 }));
  });
  const journeys = Array.from({ length: 16 }, (_, n) =>
    journey(customers, `${name}_${n}`, counted),
  );
  const done = Promise.all(journeys).finally(async () => {
    isOver = true;
    await Promise.all(settling);
  });
  // Reported by whoever waits for it at the end.
  done.catch(() => {});
  return { answered: () => answers, done };
}

/** Does it again and again in the middle of the load: each time when so many more calls were answered. */
async function whileUnderLoad(
  load: Load,
  context: TestContext,
  kind: string,
  strike: () => Promise<void>,
): Promise<void> {
  for (let n = 1; n <= 3; n += 1) {
    const enough = load.answered() + 40;
    const enoughAnswers = waitUntil('the load to go on', () => load.answered() >= enough);
    await Promise.race([enoughAnswers, load.done]);
    expect(load.answered()).toBeGreaterThanOrEqual(enough);
    await strike();
    injected(context, kind);
  }
}

test('kill -9 of the whole server under load: what was answered is there, and the rest is done once', async (context) => {
  const load = startLoad('crash', app, worker);
  await whileUnderLoad(load, context, 'kill -9 of Postgres under load', async () => {
    await server.postgres.crash();
    await server.postgres.restart();
  });
  for (const accountId of await load.done) await expectJourneyOnce(app, accountId);
  await expectSoundBooks(app);
});

test('every connection terminated under load', async (context) => {
  const load = startLoad('terminated', app, worker);
  await whileUnderLoad(load, context, 'all connections terminated under load', async () => {
    await app.owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename in ('hourly_app', 'hourly_worker')",
    );
  });
  for (const accountId of await load.done) await expectJourneyOnce(app, accountId);
  await expectSoundBooks(app);
});

test('kill -9 of PgBouncer under load', async (context) => {
  context.skip(noPgbouncer !== undefined, noPgbouncer);
  const pooler = await startPooler(server, { poolSize: 4 });
  try {
    const pooledApp = server.connect({ url: pooler.urlOf('hourly_app') });
    const pooledWorker = server.connect({
      role: 'hourly_worker',
      url: pooler.urlOf('hourly_worker'),
    });
    const load = startLoad('pooled', pooledApp, pooledWorker);
    await whileUnderLoad(load, context, 'kill -9 of PgBouncer under load', async () => {
      await pooler.kill();
      await pooler.start();
    });
    for (const accountId of await load.done) await expectJourneyOnce(app, accountId);
    await expectSoundBooks(app);
  } finally {
    await pooler.stop();
  }
});
