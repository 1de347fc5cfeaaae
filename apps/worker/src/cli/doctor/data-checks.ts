import { count } from '../count.ts';
import type { Check } from './check.ts';

/** Beyond this, rows that two clocks stamped are hard to read side by side. Billing uses the database's alone. */
const maxSkewMs = 2000;
/** The worker settles within seconds. */
const maxOverdueSeconds = 60;

export const dataChecks: readonly Check[] = [
  {
    name: 'database',
    stopsWhenFailed: true,
    async look(cli) {
      const before = Date.now();
      const { rows } = await cli
        .db()
        .pool.query<{ version: number; now: Date }>(
          "select current_setting('server_version_num')::int as version, clock_timestamp() as now",
        );
      const after = Date.now();
      const major = Math.floor((rows[0]?.version ?? 0) / 10_000);
      if (major < 15) throw new Error(`Postgres ${major} is too old, 15 is the oldest that works`);
      const skewMs = (rows[0]?.now.getTime() ?? 0) - (before + after) / 2;
      const attention = Math.abs(skewMs) > maxSkewMs;
      const skew = attention ? `, its clock is ${Math.round(skewMs)} ms from this one's` : '';
      return { detail: `Postgres ${major} answers in ${after - before} ms${skew}`, attention };
    },
  },
  {
    name: 'plan',
    async look(cli) {
      const plan = await cli.db().prisma.planPricing.findUnique({
        where: { plan: 'hourly_standard' },
      });
      if (!plan) throw new Error('plan_pricing has no row hourly_standard');
      const empty = Object.entries(plan).flatMap(([name, value]) => (value === null ? name : []));
      if (empty.length > 0) throw new Error(`hourly_standard lacks ${empty.join(', ')}`);
      return { detail: `hourly_standard costs ${plan.rateCents} cents an hour` };
    },
  },
  {
    name: 'settlement',
    async look(cli) {
      const { rows } = await cli.db().pool.query<{ overdue: number; seconds: number | null }>(
        `select count(*)::int as overdue,
                extract(epoch from clock_timestamp() - min(due_at))::float8 as seconds
           from hourly_account_balance
          where mode = 'live' and due_at < clock_timestamp()`,
      );
      const { overdue, seconds } = rows[0] ?? { overdue: 0, seconds: null };
      if (seconds !== null && seconds > maxOverdueSeconds) {
        const since = `due: ${count(overdue, 'account')}, the longest for ${Math.round(seconds)} s`;
        return { detail: `${since}: is the worker running?`, attention: true };
      }
      return { detail: 'nothing is overdue' };
    },
  },
  {
    name: 'payments',
    async look(cli) {
      const { prisma } = cli.db();
      const [kept, failing] = await Promise.all([
        prisma.payment.count({ where: { status: 'kept' } }),
        prisma.webhookEvent.count({ where: { processedAt: null, attempts: { gt: 0 } } }),
      ]);
      if (kept + failing === 0) return { detail: 'none waits for the operator' };
      return {
        detail: `uncredited: ${count(kept, 'payment')}, not processed yet: ${count(failing, 'event')}`,
        attention: true,
      };
    },
  },
];
