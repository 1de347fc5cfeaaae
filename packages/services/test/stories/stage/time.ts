import type { Cast } from '../cast.ts';

const limitMs = 30_000;

/** Time passes for the provider, and for whatever waits in the database. The accounts' own clocks go by real time. */
export async function passTime(cast: Cast, seconds: number): Promise<void> {
  const { provider, db } = cast.stage;
  const { count } = provider.pending().appointments;
  await provider.clock.advance(seconds, limitMs);
  if (provider.pending().appointments.count !== count) cast.isCompared = false;
  cast.secondsUncompared += seconds;
  if (seconds > 60) {
    for (const { purchases } of cast.customers) {
      for (const purchase of purchases) purchase.isContested = false;
    }
  }
  await db.owner.query(
    [
      `update hourly_topup_transactions set created_at = created_at - t.passed, next_check_at = next_check_at - t.passed,
         check_leased_until = check_leased_until - t.passed, order_leased_until = order_leased_until - t.passed
       from t where paid_at is null and status <> 'expired'`,
      `update hourly_payments set created_at = created_at - t.passed from t where created_at > now() - interval '500 days'`,
      `update hourly_refunds set created_at = created_at - t.passed from t where status = 'pending'`,
      `update hourly_disputes set created_at = created_at - t.passed from t where status = 'open'`,
      `update hourly_jobs._private_jobs set run_at = run_at - t.passed, locked_at = locked_at - t.passed from t`,
      `update hourly_job_workers set seen_at = seen_at - t.passed from t`,
    ]
      .map((sql) =>
        sql.replace(/\bfrom t\b/, `from (select ${seconds} * interval '1 second' as passed) t`),
      )
      .join(';'),
  );
}
