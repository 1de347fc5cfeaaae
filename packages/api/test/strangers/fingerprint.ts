import type { World } from '../support/world.ts';

/** Whose rows a table holds, where no column `account_id` says so; those of other tables are nobody's. */
const owners: Readonly<Record<string, string>> = {
  'public.hourly_account_balance': 't.id',
  'public.hourly_session_segments':
    '(select account_id from hourly_usage_sessions where id = t.session_id)',
  'public.hourly_payments':
    '(select account_id from hourly_topup_transactions where id = t.topup_id)',
  'public.hourly_generation_outputs':
    '(select account_id from hourly_generations where id = t.generation_id)',
};

/** Every table with the number and a checksum of its rows, without those of the accounts left out. */
export async function fingerprint(
  world: World,
  options: {
    without?: readonly string[];
    ignore?: Readonly<Record<string, readonly string[]>>;
  } = {},
): Promise<Record<string, string>> {
  const { without = [], ignore = {} } = options;
  const { rows: tables } = await world.db.owner.query<{ name: string; of: string | null }>(
    `select format('%s.%s', relnamespace::regnamespace, relname) as name, (select attname from pg_attribute a
       where a.attrelid = c.oid and attname = 'account_id' and not attisdropped) as of
     from pg_class c
     where relnamespace::regnamespace::text !~ '^(pg_|information_schema)' and relkind in ('r', 'p')
     order by 1`,
  );
  const prints: Record<string, string> = {};
  for (const { name, of } of tables) {
    const owner = of === null ? owners[name] : 't.account_id';
    const condition =
      owner === undefined ? 'true' : `coalesce(${owner} <> all ($1::bigint[]), true)`;
    const row = ['to_jsonb(t)', ...(ignore[name] ?? []).map((column) => `'${column}'`)].join(' - ');
    const { rows } = await world.db.owner.query<{ print: string }>(
      `select count(*) || ' rows ' || md5(coalesce(string_agg(r, E'\\n' order by r), '')) as print
       from (select (${row})::text as r from ${name} t
         where ($1::bigint[] is not null) and ${condition}) all_rows`,
      [without],
    );
    prints[name] = rows[0]?.print ?? '';
  }
  return prints;
}
