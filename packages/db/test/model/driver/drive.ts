import { auditAccounts } from '@hourly/db';
import type { TestDatabase } from '@hourly/db/testing';
import type { Happening } from '../simulation/account.ts';
import { otherPlans, plansByName } from '../simulation/plans.ts';
import { earliest, parse } from '../simulation/time.ts';
import type { AccountSpec, Command, Schedule } from './commands.ts';
import { Disagreement } from './compare.ts';
import { restorePrices } from './everybody.ts';
import { compareHistories } from './histories.ts';
import { compareLists } from './lists.ts';
import { perform } from './perform.ts';
import { createRun, type Run } from './run.ts';

/** Some hours before clocks change in the United States: an hour there is an hour all the same. */
const beginning = parse('2024-03-09T20:00:00Z');

/** Plans beside the standard one, and a time zone in which days differ in length. */
export async function prepareDatabase(db: TestDatabase, timeZone: string): Promise<void> {
  await db.owner.query(
    `do $$ begin
       execute format('alter database %I set timezone = %L', current_database(), '${timeZone}');
       -- Nothing here has to outlive a crash.
       execute format('alter database %I set synchronous_commit = off', current_database());
     end $$`,
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

export interface Driven {
  calls: Map<string, number>;
  events: Map<string, number>;
}

/**
 * Runs a schedule on the simulation and on the database side by side, comparing every answer and in the end everything that
 * was written.
 *
 * @returns how often each thing came of a call, and how often each thing happened
 * @throws {Disagreement} with the command at which they part
 */
export async function drive(db: TestDatabase, schedule: Schedule): Promise<Driven> {
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
  await compareLists(run, schedule.commands.length);
  await audit(run);
  await restorePrices(run, plansByName());
  return { calls: run.calls, events: eventsOf(run) };
}

/** How often each thing happened to the accounts of a run. */
function eventsOf(run: Run): Map<string, number> {
  const events = new Map<string, number>();
  for (const name of run.actors.flatMap(({ simulated }) => simulated.events.map(nameOf))) {
    events.set(name, (events.get(name) ?? 0) + 1);
  }
  return events;
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

/** An event with why it happened, where that is said. */
function nameOf({ type, data }: Happening): string {
  const { endReason, pauseReason } = (data ?? {}) as Partial<Record<string, string | null>>;
  return [type, endReason ?? pauseReason].filter((part) => part != null).join(' ');
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
