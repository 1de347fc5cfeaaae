import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmptyDatabase, type EmptyDatabase } from './empty-database.ts';

let database: EmptyDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
  database.fn('0010_double.sql', returning('a', 'select 2'));
  database.fn('0020_use.sql', returning('b', 'select a() + 1'));
});
afterEach(async () => {
  await database.drop();
});

const returning = (name: string, body: string) =>
  `create or replace function ${name}() returns int language sql as $$ ${body} $$;`;

async function value(sql: string): Promise<unknown> {
  const { rows } = await database.pool.query<{ value: unknown }>(`select ${sql} as value`);
  return rows[0]?.value;
}

test('applies function files in order, and again only when one changes', async () => {
  expect((await database.migrate()).functions).toEqual(['0010_double.sql', '0020_use.sql']);
  expect(await value('b()')).toBe(3);
  expect((await database.migrate()).functions).toEqual([]);

  database.fn('0010_double.sql', returning('a', 'select 20'));
  expect((await database.migrate()).functions).toEqual(['0010_double.sql', '0020_use.sql']);
  expect(await value('b()')).toBe(21);
});

test('a file may drop its function to change what it returns', async () => {
  await database.migrate();
  database.fn(
    '0010_double.sql',
    `drop function if exists a();
     create function a() returns bigint language sql as $$ select 5::bigint $$;`,
  );
  await database.migrate();
  expect(await value('pg_typeof(a())::text')).toBe('bigint');
});

test('an added and a removed file count as a change', async () => {
  await database.migrate();
  database.fn('0030_more.sql', returning('c', 'select 1'));
  expect((await database.migrate()).functions).toHaveLength(3);
  database.fn('0030_more.sql');
  expect((await database.migrate()).functions).toHaveLength(2);
  expect((await database.migrate()).functions).toEqual([]);
});

test('one broken file changes none of them', async () => {
  await database.migrate();
  database.fn('0010_double.sql', returning('a', 'select 20'));
  database.fn('0020_use.sql', '\ncreate function oops(');
  await expect(database.migrate()).rejects.toThrow(/0020_use\.sql:2: syntax error/);
  expect(await value('a()')).toBe(2);
});

test('strangers of the data API cannot read what is installed', async () => {
  await database.migrate();
  const { rows } = await database.pool.query(
    `select relname, relrowsecurity, relacl::text from pg_class
      where relname in ('_prisma_migrations', 'hourly_sql_functions') order by 1`,
  );
  expect(rows).toMatchObject([{ relrowsecurity: true }, { relrowsecurity: true }]);
  for (const { relacl } of rows) expect(relacl).not.toMatch(/[{,]=|anon|authenticated/);
});
