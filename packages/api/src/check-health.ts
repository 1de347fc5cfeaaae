import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceContext } from '@hourly/services';

const patienceMs = 2_000;

/** 200 `{status: "ok"}` when the database answers soon, else 503. */
export async function checkHealth({ db, log }: ServiceContext): Promise<Response> {
  const asked = db.pool.query('select 1').then(
    () => true,
    (error: unknown) => {
      log.error({ err: error }, 'the database did not answer a health check');
      return false;
    },
  );
  const isHealthy = await Promise.race([asked, sleep(patienceMs, false, { ref: false })]);
  const status = isHealthy ? 'ok' : 'unavailable';
  return Response.json(
    { status },
    { status: isHealthy ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
