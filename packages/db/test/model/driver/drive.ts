import { auditAccounts } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import { otherPlans } from '../simulation/plans.ts';
import { earliest, parse } from '../simulation/time.ts';
import { Disagreement } from './compare.ts';
import { compareHistories } from './histories.ts';
import { perform } from './perform.ts';
import { createRun, type Run } from './run.ts';
import type { AccountSpec, Command, Schedule } from './schedule.ts';

/** Some hours before clocks change in the United States: an hour there is an hour all the same. */
const beginning = parse('2024-03-09T20:00:00Z');

/** Plans beside the standard one, and a time zone in which days differ in length. */
export async function prepareDatabase(db: TestDatabase, timeZone: string): Promise<void> {
  await db.owner.query(
    `do $$ begin execute format('alter database %I set timezone = %L', current_database(), '${timeZone}'); end $$`,
  );
  for (const { plan, rateCents, sessionMinimumHours, minimumStartBalanceCents } of otherPlans) {
    await db.owner.query(
      `insert into plan_pricing select $1, $2, $3, commitment_hours, minimum_topup_cents, maximum_topup_cents,
         topup_tiers_cents, $4, inr_per_usd
       from plan_pricing where plan = 'hourly_standard'`,
      [plan, rateCents, sessionMinimumHours, minimumStartBalanceCents],
    );
  }
}

/**
 * Runs a schedule on the simulation and on the database side by side, comparing every answer and in the end everything that
 * was written.
 *
 * @returns how many calls were compared
 * @throws {Disagreement} with the command at which they part
 */
export async function drive(db: TestDatabase, schedule: Schedule): Promise<number> {
  const run = await createRun(
    db,
    schedule.accounts.map(({ mode }) => mode),
    beginning,
  );
  const commands = [...schedule.accounts.flatMap(prelude), ...schedule.commands, ...endings(run)];
  for (const [index, command] of commands.entries()) {
    await located(`command ${index + 1} of ${commands.length}, ${JSON.stringify(command)}`, () =>
      perform(run, command),
    );
  }
  await compareHistories(run);
  await audit(run);
  return run.calls;
}

const now = { to: 'later', us: 0 } as const;

/** The calls that bring an account to where a schedule begins. */
function prelude({ paidInCents, balanceCents, start }: AccountSpec, who: number): Command[] {
  const base = { who, when: now, key: null };
  const commands: Command[] = [];
  if (paidInCents > 0) {
    commands.push({ do: 'topup', cents: paidInCents, ...base });
    commands.push({ do: 'pay', nth: 0, payment: 'right', ...base });
  }
  commands.push({ do: 'adjust', type: 'adjustment', cents: balanceCents, isTarget: true, ...base });
  if (start !== null) commands.push({ do: 'start', ...base, ...start });
  return commands;
}

/** What is still open is ended, so that no later schedule's settlement finds it due. */
const endings = (run: Run): Command[] =>
  run.actors.map((_, who) => ({
    do: 'end',
    who,
    when: now,
    key: null,
    by: 'user',
    named: 'none',
  }));

async function located(where: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) error.message = `${where}: ${error.message}`;
    throw error;
  }
}

/** The product's own audit agrees. */
async function audit(run: Run): Promise<void> {
  const ids = run.actors.map(({ accountId }) => BigInt(accountId));
  const first = ids.reduce(earliest);
  const { differences } = await auditAccounts(run.db, {
    afterAccountId: `${first - 1n}`,
    limit: ids.length,
  });
  if (differences.length > 0) throw new Disagreement('audit', [], differences);
}
