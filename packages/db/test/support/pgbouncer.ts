import { type Pgbouncer, startPgbouncer } from '@hourly/sandbox/postgres';
import type { OwnServer } from './own-server.ts';

const program = process.env.HOURLY_TEST_PGBOUNCER;
/** Why the tests behind a pooler don't run here; undefined when they do. */
export const noPgbouncer = program === undefined ? 'there is no PgBouncer here' : undefined;

export interface Pooler extends Pgbouncer {
  /** To be signed in by as this role, whose password the server knows. */
  urlOf(role: 'hourly_app' | 'hourly_worker'): string;
}

/** Debian's PgBouncer in transaction mode, in front of `server`. */
export async function startPooler(
  server: OwnServer,
  options: { poolSize: number; settings?: readonly string[] },
): Promise<Pooler> {
  const pooler = await startPgbouncer({
    ...options,
    program: program ?? '',
    url: server.ownerUrl,
    users: { ...server.passwords, postgres: new URL(server.ownerUrl).password },
  });
  return {
    ...pooler,
    urlOf(role) {
      const url = new URL(server.urlOf(role));
      url.port = String(pooler.port);
      url.searchParams.set('pgbouncer', 'true');
      return url.href;
    },
  };
}
