import { randomBytes } from 'node:crypto';
import { urlOfDatabase } from '@hourly/db/testing';
import { startTemporaryPostgres } from '@hourly/sandbox/postgres';
import pg from 'pg';

/** Whom Supabase's data API acts as; the last one goes round row level security. */
export const strangers = ['anon', 'authenticated', 'service_role'] as const;

export interface OwnedDatabase {
  /** Of the owner: no superuser, but one that may create roles, like Supabase's `postgres`. */
  url: string;
  superuserUrl: string;
  owner: pg.Pool;
  superuser: pg.Pool;
}

export interface Server {
  createDatabase(): Promise<OwnedDatabase>;
  stop(): Promise<void>;
}

/**
 * A server of its own, because roles belong to the whole server: nobody has made the product's roles here yet. Its
 * databases are like Supabase's: whatever the owner creates in public is handed to strangers.
 */
export async function startServer(): Promise<Server> {
  const binaries = process.env.HOURLY_TEST_POSTGRES_BINARIES;
  const server = await startTemporaryPostgres(binaries === undefined ? {} : { binaries });
  const pools: pg.Pool[] = [];
  const connect = (url: string): pg.Pool => {
    const pool = new pg.Pool({ connectionString: url, max: 3 });
    // The server goes before the last connection has.
    pool.on('error', () => {});
    pools.push(pool);
    return pool;
  };
  const maintenance = connect(server.url);
  await maintenance.query(`
    create role anon nologin;
    create role authenticated nologin;
    create role service_role nologin bypassrls;
    create role operator login createrole createdb password 'operator';
  `);
  return {
    async createDatabase() {
      const name = `hourly_${randomBytes(6).toString('hex')}`;
      await maintenance.query(`create database ${name} owner operator`);
      const superuserUrl = urlOfDatabase(server.url, name);
      const url = ownerUrl(superuserUrl);
      const database = { url, superuserUrl, owner: connect(url), superuser: connect(superuserUrl) };
      await database.superuser.query(handEverythingToStrangers());
      return database;
    },
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
    },
  };
}

function ownerUrl(superuserUrl: string): string {
  const url = new URL(superuserUrl);
  url.username = 'operator';
  url.password = 'operator';
  return url.href;
}

function handEverythingToStrangers(): string {
  const all = strangers.join(', ');
  const defaults = ['tables', 'functions', 'sequences'].map(
    (things) =>
      `alter default privileges for role operator in schema public grant all on ${things} to ${all};`,
  );
  return [...defaults, `grant usage on schema public to ${all};`].join('\n');
}
