import { count } from '../count.ts';
import type { Check } from './check.ts';

/** The worker seals every hour, and a sweep over millions of accounts takes a while. */
const maxUnsealedSeconds = 2 * 3600;

export const sealChecks: readonly Check[] = [
  {
    name: 'seals',
    async look(cli) {
      // The time of a test account is not ours to measure by. Looked up one by one: a join would read the whole ledger.
      const { rows } = await cli.db().pool.query<{ entries: number; seconds: number | null }>(
        `select coalesce(sum(a.entry_no - coalesce(s.last_entry_no, 0)), 0)::float8 as entries,
                extract(epoch from clock_timestamp() - min(e.created_at))::float8 as seconds
           from hourly_account_balance a
           left join lateral (
             select q.last_entry_no from hourly_ledger_seals q
              where q.account_id = a.id order by q.seal_no desc limit 1
           ) s on true
           left join lateral (
             select l.created_at from hourly_ledger_entries l
              where l.account_id = a.id and l.entry_no > coalesce(s.last_entry_no, 0)
              order by l.entry_no limit 1
           ) e on a.mode = 'live'
          where a.entry_no > coalesce(s.last_entry_no, 0)`,
      );
      const { entries, seconds } = rows[0] ?? { entries: 0, seconds: null };
      if (entries === 0) return { detail: 'every ledger row is sealed' };
      const unsealed = `not sealed yet: ${count(entries, 'ledger row')}`;
      if (seconds === null || seconds <= maxUnsealedSeconds) return { detail: unsealed };
      const hours = Math.floor(seconds / 3600);
      return {
        detail: `${unsealed}, the oldest for ${count(hours, 'hour')}: is the worker running?`,
        attention: true,
      };
    },
  },
];
