import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

const CONNECT_LIMIT_MS = 10_000;
const STATEMENT_LIMIT_MS = 15_000;
const IDLE_LIMIT_MS = 30_000;
const DEFAULT_CONNECTIONS = 10;

/** The product's roles in the database; neither owns anything nor is a superuser. */
export type DatabaseRole = 'hourly_app' | 'hourly_worker';

export interface DatabaseOptions {
  /**
   * `postgresql://…`. Through a transaction pooler (PgBouncer, Supabase's port 6543) it needs `?pgbouncer=true`, and its
   * user must be the role, with a login that the operator gives it:
   * `alter role hourly_app login password '…'; alter role hourly_app set statement_timeout = '15s'`.
   */
  url: string;
  role: DatabaseRole;
  /** Most connections at once, Prisma's included. Default 10. */
  max?: number;
  /** Told when an idle connection breaks (the server restarts); the pool replaces it by itself. */
  onIdleError?: (error: Error) => void;
}

export interface Database {
  pool: pg.Pool;
  /** Reads through the same connections as `pool`. */
  prisma: PrismaClient;
  /** Waits for running queries, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Connections to the database that act as `role`, whoever the url signs in as. Opens none until the
 * first query. A statement that runs longer than 15 seconds is cancelled; a pooler carries no such
 * setting, so that there it is the role's own.
 *
 * @throws when the url names a transaction pooler and another user: a pooler drops the settings
 *   that switch the role, and the product would run with that user's rights. Where the url doesn't
 *   say that it leads to one, every query fails instead.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.role,
    max: options.max ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    idleTimeoutMillis: IDLE_LIMIT_MS,
    keepAlive: true,
    ...sessionSettings(options),
    // A pooler may be told to ignore what switches the role (`ignore_startup_parameters`).
    ...(signsInAsRole(options)
      ? {}
      : { onConnect: (client) => refuseOtherRole(client, options.role) }),
  });
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', options.onIdleError ?? (() => {}));
  // So would one that breaks while somebody holds it and runs no query; the next query fails and tells them.
  pool.on('connect', (client) => client.on('error', () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

function sessionSettings(options: DatabaseOptions): { options?: string } {
  const { url, role } = options;
  const isRole = signsInAsRole(options);
  if (new URL(url).searchParams.get('pgbouncer') === 'true') {
    if (isRole) return {};
    throw new Error(
      `DATABASE_URL goes through a transaction pooler as "${userOf(url)}"; sign in as "${role}", ` +
        'because a pooler does not keep a switched role',
    );
  }
  const settings = [`-c statement_timeout=${STATEMENT_LIMIT_MS}`];
  if (!isRole) settings.unshift(`-c role=${role}`);
  return { options: settings.join(' ') };
}

/** Supabase's pooler signs in as `<role>.<project>`. */
function signsInAsRole({ url, role }: DatabaseOptions): boolean {
  const user = userOf(url);
  return user === role || user.startsWith(`${role}.`);
}

const userOf = (url: string): string => decodeURIComponent(new URL(url).username);

async function refuseOtherRole(client: pg.ClientBase, role: DatabaseRole): Promise<void> {
  const { rows } = await client.query<{ user: string }>('select current_user::text as "user"');
  const user = rows[0]?.user;
  if (user === role) return;
  throw new Error(
    `The connection acts as "${user}" and not as "${role}": what switches the role was dropped on ` +
      `the way, by a pooler that ignores it. Sign in as "${role}" and add ?pgbouncer=true to DATABASE_URL.`,
  );
}
