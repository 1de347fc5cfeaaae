import { advanceClock, createTopup, endSession, ensureAccount, startSession } from '@hourly/db';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { type CatalogueRow, catalogueOf, namesIn } from './catalogue.ts';
import { type OwnedDatabase, type Server, startServer, strangers } from './server.ts';
import { neighboursSql, writeSetupFile } from './setup-file.ts';

const insufficientPrivilege = '42501';

const setup = await writeSetupFile();
let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  setup.remove();
});

/** What is there that was not there `before`. */
const newIn = (catalogue: readonly CatalogueRow[], before: ReadonlySet<string>): string[] =>
  [...namesIn(catalogue)].filter((name) => !before.has(name));

describe('beside another product', () => {
  let database: OwnedDatabase;
  let before: CatalogueRow[];
  let rowsBefore: Record<string, unknown[]>;
  const after: CatalogueRow[][] = [];
  beforeAll(async () => {
    database = await server.createDatabase();
    await database.owner.query(neighboursSql());
    before = await catalogueOf(database.superuser);
    rowsBefore = await rowsOf(database.superuser);
    for (let run = 1; run <= 3; run += 1) {
      await database.owner.query(setup.text);
      after.push(await catalogueOf(database.superuser));
    }
  });

  test('a second and a third run change nothing', () => {
    expect(after[1]).toEqual(after[0]);
    expect(after[2]).toEqual(after[0]);
  });

  test('its tables, functions and sequences are as they were, and so is what is in them', async () => {
    const theirs = namesIn(before);
    // The one table that is shared, and the schema, which the product's roles may use.
    for (const shared of ['plan_pricing', 'public']) theirs.delete(shared);
    const ofThem = (rows: CatalogueRow[] = []) => rows.filter(({ name }) => theirs.has(name));
    expect(ofThem(after[2])).toEqual(ofThem(before));
    expect(theirs).toContain('credit_transactions');
    const { plan_pricing: _, ...rows } = await rowsOf(database.superuser);
    expect(rowsBefore).toMatchObject(rows);
  });

  test('its plans keep their rows, policies and rights, and get the hourly plan beside them', async () => {
    const { rows } = await database.superuser.query<Record<string, unknown>>(
      'select * from plan_pricing order by id',
    );
    const columns = Object.keys(rowsBefore.plan_pricing?.[0] ?? {});
    const { rows: asTheyKnowIt } = await database.superuser.query(
      `select to_jsonb(t) as row from (select ${columns.join(', ')} from plan_pricing) t order by id`,
    );
    expect(asTheyKnowIt.slice(0, 2).map(({ row }) => row)).toEqual(rowsBefore.plan_pricing);
    expect(rows.map((row) => [row.plan, row.rate_cents])).toEqual([
      ['monthly_pro', null],
      ['yearly_pro', null],
      ['hourly_standard', 1500],
    ]);
    // What it insists on and we know nothing of is neutral.
    expect(rows[2]).toMatchObject({ title: 'hourly_s', monthly_cents: 0, listed: false, tags: [] });

    const plans = (catalogue: CatalogueRow[] = []) =>
      catalogue
        .filter(({ name }) => name === 'plan_pricing')
        .map(({ text }) => text.replaceAll(/,hourly_\w+=r\/operator/g, ''));
    const added = plans(after[2]).filter((text) => !plans(before).includes(text));
    expect(plans(after[2])).toEqual(expect.arrayContaining(plans(before)));
    expect(added.map((text) => text.replace(/^column \d+ /, '').trim()).sort()).toEqual([
      'commitment_hours integer f',
      'maximum_topup_cents integer f',
      'minimum_start_balance_cents integer f',
      'minimum_topup_cents integer f',
      'policy hourly_product r t {hourly_app,hourly_worker} true',
      'rate_cents integer f',
      'session_minimum_hours integer f',
      'topup_tiers_cents integer[] f',
    ]);
  });

  test.each(strangers)('%s may do nothing with anything of ours', async (role) => {
    const ours = newIn(after[2] ?? [], namesIn(before));
    expect(ours.length).toBeGreaterThan(100);
    expect(await rightsOf(database.superuser, role, ours)).toEqual([]);
  });

  test('the product’s roles can do their work', async () => {
    const db = createDatabase({ url: database.url, role: 'hourly_app' });
    try {
      const { accountId } = await ensureAccount(db, { userId: 'ada', mode: 'test' });
      await createTopup(db, { accountId, amountCents: 10_000 });
      await startSession(db, { accountId });
      await advanceClock(db, { accountId, advanceSeconds: 3600.000001 });
      const { costCents } = await endSession(db, { accountId });
      expect(costCents).toBe(3000);
    } finally {
      await db.close();
    }
  });
});

describe('in a database of its own', () => {
  let database: OwnedDatabase;
  let ours: string[];
  beforeAll(async () => {
    database = await server.createDatabase();
    const before = namesIn(await catalogueOf(database.superuser));
    await database.owner.query(setup.text);
    ours = newIn(await catalogueOf(database.superuser), before);
  });

  const tables = async (): Promise<string[]> => {
    const { rows } = await database.superuser.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relkind in ('r', 'p', 'v', 'm') and oid::regclass::text = any ($1)`,
      [ours],
    );
    return rows.map(({ name }) => name);
  };

  test.each(strangers)('%s is refused when it tries', async (role) => {
    expect(ours).toContain('plan_pricing');
    for (const table of await tables()) {
      for (const statement of [
        `select from ${table}`,
        `insert into ${table} default values`,
        `delete from ${table}`,
        `truncate ${table}`,
        `lock table ${table}`,
      ]) {
        expect([statement, await refusalOf(role, statement)]).toEqual([
          statement,
          insufficientPrivilege,
        ]);
      }
    }
  });

  async function refusalOf(role: string, statement: string): Promise<string | undefined> {
    const client = await database.superuser.connect();
    try {
      await client.query(`begin; set local role ${role}`);
      await client.query(statement);
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  test('a later run takes away again what somebody handed to strangers', async () => {
    const wanted = await rightsOf(database.superuser, 'hourly_app', ours);
    const all = ['public', ...strangers].join(', ');
    await database.owner.query(`
      grant all on all tables in schema public to ${all};
      grant all on all sequences in schema public to ${all};
      grant all on all functions in schema public to ${all};
    `);
    for (const role of strangers) {
      expect((await rightsOf(database.superuser, role, ours)).length).toBeGreaterThan(100);
    }
    await database.owner.query(setup.text);
    for (const role of strangers) {
      expect(await rightsOf(database.superuser, role, ours)).toEqual([]);
    }
    expect(await rightsOf(database.superuser, 'hourly_app', ours)).toEqual(wanted);
  });
});

describe('an older plan_pricing', () => {
  test.each([
    ['with a plan and nothing else', 'create table plan_pricing (plan text primary key)'],
    [
      'that knows the hourly plan by its name',
      `create table plan_pricing (plan text primary key, cents integer not null);
       insert into plan_pricing values ('hourly_standard', 1500), ('hourly_team', 9000)`,
    ],
    [
      'with rights and row level security of its own',
      `create table plan_pricing (plan text primary key, inr_per_usd integer not null);
       alter table plan_pricing enable row level security;
       create policy nobody on plan_pricing using (false)`,
    ],
  ])('%s gets the hourly plan', async (_what, older) => {
    const database = await server.createDatabase();
    await database.owner.query(older);
    await database.owner.query(setup.text);
    await database.owner.query(setup.text);
    const { rows } = await database.owner.query(
      "select * from public.plan_pricing where plan = 'hourly_standard'",
    );
    expect(rows).toMatchObject([
      {
        rate_cents: 1500,
        session_minimum_hours: 1,
        commitment_hours: 6,
        minimum_topup_cents: 10_000,
        maximum_topup_cents: 1_000_000,
        topup_tiers_cents: [10_000, 20_000, 50_000],
        minimum_start_balance_cents: 1500,
        inr_per_usd: 83,
      },
    ]);
    const db = createDatabase({ url: database.url, role: 'hourly_worker' });
    try {
      expect(await db.prisma.planPricing.count({ where: { plan: 'hourly_standard' } })).toBe(1);
    } finally {
      await db.close();
    }
  });

  test('that wants what nobody can guess stops the installation and says what to do', async () => {
    const database = await server.createDatabase();
    await database.owner.query(
      'create table plan_pricing (plan text primary key, place point not null)',
    );
    await expect(database.owner.query(setup.text)).rejects.toThrow(
      'plan_pricing.place must not be null, and no neutral value of its type is known\nGive the column a default',
    );
  });

  test('that has been changed since by its operator keeps the change', async () => {
    const database = await server.createDatabase();
    await database.owner.query(setup.text);
    await database.owner.query(
      "update plan_pricing set rate_cents = 1800 where plan like 'hourly%'",
    );
    await database.owner.query(setup.text);
    const { rows } = await database.owner.query('select plan, rate_cents from plan_pricing');
    expect(rows).toEqual([{ plan: 'hourly_standard', rate_cents: 1800 }]);
  });
});

async function rowsOf(pool: pg.Pool): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of [
    'users',
    'user_credits',
    'credit_transactions',
    'hourly_visitors',
    'plan_pricing',
  ]) {
    const { rows: found } = await pool.query<{ row: unknown }>(
      `select to_jsonb(t) as row from ${table} t order by 1`,
    );
    rows[table] = found.map(({ row }) => row);
  }
  return rows;
}

/** What a role may do with those of `names` that it can reach. */
async function rightsOf(pool: pg.Pool, role: string, names: string[]): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select c.oid::regclass::text as name, r as privilege
     from pg_class c
     cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) r
     where relkind in ('r', 'p', 'v', 'm', 'f') and c.oid::regclass::text = any ($2)
       and has_schema_privilege($1, relnamespace, 'usage')
       and (has_table_privilege($1, c.oid, r)
         or (r in ('select', 'insert', 'update', 'references') and has_any_column_privilege($1, c.oid, r)))
     union all
     select c.oid::regclass::text, r
     from pg_class c
     cross join unnest(array['usage', 'select', 'update']) r
     where relkind = 'S' and c.oid::regclass::text = any ($2)
       and has_schema_privilege($1, relnamespace, 'usage') and has_sequence_privilege($1, c.oid, r)
     union all
     select p.oid::regprocedure::text, 'execute'
     from pg_proc p
     where p.oid::regprocedure::text = any ($2)
       and has_schema_privilege($1, pronamespace, 'usage') and has_function_privilege($1, p.oid, 'execute')
     union all
     select nspname, r
     from pg_namespace
     cross join unnest(array['usage', 'create']) r
     where nspname = any ($2) and has_schema_privilege($1, oid, r)
     order by 1, 2`,
    [role, names],
  );
  return rows;
}
