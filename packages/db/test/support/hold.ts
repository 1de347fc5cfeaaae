import type { TestDatabase } from '@hourly/db/testing';
import pg from 'pg';
import { untilAnswered } from './until-answered.ts';
import { waitUntil } from './wait-until.ts';

/** Where in its middle a settlement can be held up. */
export const middles = {
  'its accounts are locked': 'hourly_ledger_entries',
  'charges are written, sessions still run': 'hourly_session_segments',
  'some sessions have stopped, others have not': 'hourly_usage_sessions',
} as const;

export type Middle = keyof typeof middles;

export interface Held {
  /** Returns once so many calls are held up: the processes of the server that carry them out. */
  stuck(count?: number): Promise<number[]>;
  letGo(): Promise<void>;
}

const advisoryKey = 4711;

/** Holds up whoever writes to this table, in the middle of its transaction, until it is let go or killed. */
export async function holdUp(db: TestDatabase, middle: Middle): Promise<Held> {
  const table = middles[middle];
  const when = middle === 'some sessions have stopped, others have not' ? 'after' : 'before';
  await db.owner.query(`
    create or replace function public.hold_up() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${advisoryKey});
      return null;
    end
    $$;
    create trigger hold_up ${when} insert or update on ${table} for each statement execute function public.hold_up();
  `);
  const holder = new pg.Client({ connectionString: db.ownerUrl });
  // Where the server dies, so does the lock.
  holder.on('error', () => {});
  await holder.connect();
  await holder.query('select pg_advisory_lock($1)', [advisoryKey]);
  return {
    async stuck(count = 1) {
      let pids: number[] = [];
      await waitUntil(
        () => `${count} calls to be held up, not ${pids.length}`,
        async () => {
          const { rows } = await db.owner.query<{ pid: number }>(
            `select pid from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'`,
          );
          pids = rows.map(({ pid }) => pid);
          return pids.length >= count;
        },
      );
      return pids;
    },
    async letGo() {
      await holder.end();
      await untilAnswered()(() => db.owner.query(`drop trigger if exists hold_up on ${table}`));
    },
  };
}
