import type pg from 'pg';

/** Something of ours that Postgres guards. */
export interface Guarded {
  /** `public.hourly_requests`, `public.hourly_seconds(bigint)` */
  name: string;
  oid: number;
}

const ours = (namespace: string) =>
  `${namespace} in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')`;

const list = async (pool: pg.Pool, sql: string): Promise<Guarded[]> =>
  (await pool.query<Guarded>(sql)).rows;

/** `kinds` as in pg_class.relkind. */
const relations = (pool: pg.Pool, kinds: string) =>
  list(
    pool,
    `select format('%s.%s', relnamespace::regnamespace, quote_ident(relname)) as name, c.oid::int as oid
     from pg_class c where ${ours('relnamespace')} and relkind = any ('{${kinds}}') order by 1`,
  );

/** Everything in a database that holds nothing but the product. */
export async function catalogOf(pool: pg.Pool) {
  return {
    tables: await relations(pool, 'r,p,v,m,f'),
    sequences: await relations(pool, 'S'),
    functions: await list(
      pool,
      `select format('%s.%s', pronamespace::regnamespace, p.oid::regprocedure) as name, p.oid::int as oid
       from pg_proc p where ${ours('pronamespace')} order by 1`,
    ),
    // The types of tables' rows and of arrays come with what they are made of, and cannot be guarded.
    types: await list(
      pool,
      `select format('%s.%s', typnamespace::regnamespace, typname) as name, t.oid::int as oid
       from pg_type t left join pg_class c on c.oid = t.typrelid
       where ${ours('typnamespace')} and typelem = 0 and coalesce(c.relkind, 'c') = 'c' order by 1`,
    ),
    schemas: await list(
      pool,
      `select nspname as name, oid::int as oid from pg_namespace n where ${ours('n.oid')} order by 1`,
    ),
  };
}
export type Catalog = Awaited<ReturnType<typeof catalogOf>>;

/** The privileges of a list that a role has, in the list's order; those of PUBLIC and of its groups count. */
export async function privilegesOf(
  pool: pg.Pool,
  asked: {
    role: string;
    kind: 'table' | 'sequence' | 'function' | 'schema';
    oid: number;
    privileges: readonly string[];
  },
): Promise<string[]> {
  const { role, kind, oid, privileges } = asked;
  const { rows } = await pool.query<{ privilege: string }>(
    `select privilege from unnest($3::text[]) with ordinality as p (privilege, at)
     where has_${kind}_privilege($1, $2::oid, privilege) order by at`,
    [role, oid, [...privileges]],
  );
  return rows.map(({ privilege }) => privilege);
}
