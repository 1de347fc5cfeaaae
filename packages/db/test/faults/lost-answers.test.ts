import { settleSessions } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { type Command, commands } from '../support/commands.ts';
import { injected } from '../support/faults.ts';
import { expectJourneyOnce, journey } from '../support/journey.ts';
import {
  type Loss,
  type LossyConnection,
  startLossyConnection,
} from '../support/lossy-connection.ts';
import { overdueSessions, standingOf } from '../support/overdue.ts';
import { settleAll } from '../support/settle-all.ts';
import { expectSoundBooks, fingerprint } from '../support/sound.ts';
import { isLost, untilAnswered } from '../support/until-answered.ts';

let direct: TestDatabase;
/** The same database over connections that break when they are told to. */
let db: TestDatabase;
let connection: LossyConnection;
let nextLoss: () => Loss = () => undefined;

beforeAll(async () => {
  direct = await createTestDatabase();
  connection = await startLossyConnection(direct.ownerUrl, () => nextLoss());
  const url = connection.through(direct.ownerUrl);
  db = { ...direct, ...createDatabase({ url, role: 'hourly_app' }) };
});
afterAll(async () => {
  nextLoss = () => undefined;
  await expectSoundBooks(direct);
  await db.close();
  await connection.stop();
  await direct.drop();
});

/** The next question that is asked, and no other; a new connection would ask one of its own first. */
async function loseOnce(loss: Loss): Promise<void> {
  await db.pool.query('select');
  nextLoss = () => {
    nextLoss = () => undefined;
    return loss;
  };
}

describe.each(Object.keys(commands) as Command[])('%s', (name) => {
  test('whose answer was lost does not act twice', async (context) => {
    const { call } = await commands[name](direct);
    const before = await fingerprint(direct);
    await loseOnce('answer');
    await expect(call(db)).rejects.toSatisfy(isLost);
    injected(context, 'connection lost after the commit');
    const after = await fingerprint(direct);
    expect(after).not.toEqual(before);
    await call(db);
    expect(await fingerprint(direct)).toEqual(after);
  });

  test('which was lost on its way has not acted, and acts when it is repeated', async (context) => {
    const { call } = await commands[name](direct);
    const before = await fingerprint(direct);
    await loseOnce('question');
    await expect(call(db)).rejects.toSatisfy(isLost);
    injected(context, 'connection lost before the call arrived');
    expect(await fingerprint(direct)).toEqual(before);
    await call(db);
    expect(await fingerprint(direct)).not.toEqual(before);
  });
});

test('a settlement whose answer was lost has charged every hour once', async (context) => {
  const overdue = await overdueSessions(direct, 8);
  await loseOnce('answer');
  await expect(settleSessions(db, { limit: 100 })).rejects.toSatisfy(isLost);
  injected(context, 'connection lost after the commit');
  await settleAll(db);
  expect(await standingOf(direct, overdue)).toEqual(overdue);
});

test('customers on a line that breaks all the time get everything done, once', async (context) => {
  let asked = 0;
  const losses: Loss[] = ['answer', undefined, 'question', undefined, undefined];
  nextLoss = () => losses[asked++ % losses.length];
  const accountIds = await Promise.all(
    Array.from({ length: 5 }, (_, n) =>
      journey(
        db,
        `lossy_${n}`,
        untilAnswered(() => injected(context, 'connection lost in the middle of a journey')),
      ),
    ),
  );
  nextLoss = () => undefined;
  for (const accountId of accountIds) await expectJourneyOnce(direct, accountId);
});
