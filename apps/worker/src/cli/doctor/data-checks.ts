import { count } from '../count.ts';
import type { Check } from './check.ts';

/** Beyond this, rows that two clocks stamped are hard to read side by side. Billing uses the database's alone. */
const maxSkewMs = 2000;
/** The worker settles within seconds. */
const maxOverdueSeconds = 60;
/** Banks take five to seven working days: https://razorpay.com/docs/payments/refunds */
const maxRefundDays = 10;
/** The worker compares daily. */
const maxComparisonAgeMs = 26 * 60 * 60 * 1000;

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
      const { rows } = await cli.db().pool.query<{ kept: number; failing: number }>(
        `select
           (select count(*)::int from hourly_payments p
             where p.status = 'kept' and p.amount_paise > (
               select coalesce(sum(r.amount_paise), 0) from hourly_refunds r
                where r.payment_id = p.payment_id and r.status <> 'failed')) as kept,
           (select count(*)::int from hourly_webhook_events
             where processed_at is null and attempts > 0) as failing`,
      );
      const { kept, failing } = rows[0] ?? { kept: 0, failing: 0 };
      if (kept + failing === 0) return { detail: 'none waits for the operator' };
      return {
        detail: `uncredited: ${count(kept, 'payment')}, not processed yet: ${count(failing, 'event')}; see unmatched`,
        attention: true,
      };
    },
  },
  {
    name: 'refunds',
    async look(cli) {
      const { rows } = await cli.db().pool.query<{ pending: number; days: number | null }>(
        `select count(*)::int as pending,
                floor(extract(epoch from clock_timestamp() - min(created_at)) / 86400)::int as days
           from hourly_refunds where status = 'pending'`,
      );
      const { pending, days } = rows[0] ?? { pending: 0, days: null };
      if (pending === 0) return { detail: 'none is on its way' };
      const detail = `on their way: ${count(pending, 'refund')}, the oldest for ${count(days ?? 0, 'day')}`;
      return { detail, attention: (days ?? 0) > maxRefundDays };
    },
  },
  {
    name: "Razorpay's books",
    async look(cli) {
      const { prisma } = cli.db();
      const last = await prisma.bookComparison.findFirst({ orderBy: { id: 'desc' } });
      const overdueSince = new Date(Date.now() - maxComparisonAgeMs);
      if (last === null || last.finishedAt < overdueSince) {
        const paid = await prisma.payment.count({ where: { createdAt: { lt: overdueSince } } });
        const since = last === null ? 'never' : `last at ${last.finishedAt.toISOString()}`;
        return { detail: `compared with ours: ${since}`, attention: paid > 0 };
      }
      const differences = Array.isArray(last.differences) ? last.differences.length : 0;
      if (differences === 0)
        return { detail: `agreed with ours at ${last.finishedAt.toISOString()}` };
      return {
        detail: `${count(differences, 'difference')} from ours; see compare`,
        attention: true,
      };
    },
  },
  {
    name: 'jobs',
    async look(cli) {
      const { rows } = await cli.db().pool.query<{ resting: number; waiting: number }>(
        `select count(*) filter (where attempts >= max_attempts)::int as resting,
                count(*) filter (where attempts < max_attempts)::int as waiting
           from hourly_jobs._private_jobs`,
      );
      const { resting, waiting } = rows[0] ?? { resting: 0, waiting: 0 };
      if (resting === 0) return { detail: `${count(waiting, 'job')} waiting` };
      return { detail: `given up: ${count(resting, 'job')}`, attention: true };
    },
  },
];
