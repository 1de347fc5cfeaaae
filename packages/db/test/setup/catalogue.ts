import type pg from 'pg';

export interface CatalogueRow {
  /** The table, view, sequence, function or type that it belongs to. */
  name: string;
  text: string;
}

/** Everything that is defined in the database, with owners and rights, in an order that doesn't depend on when it was made. */
export async function catalogueOf(pool: pg.Pool): Promise<CatalogueRow[]> {
  const { rows } = await pool.query<CatalogueRow>(`
    with schemas as (
      select * from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    ), relations as (
      select c.*, c.oid::regclass::text as name from pg_class c
      where relnamespace in (select oid from schemas) and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    )
    select * from (
    select nspname::text as name, concat_ws(' ', 'schema', nspowner::regrole,
      (select array_agg(acl::text order by acl::text) from unnest(nspacl) acl)) as text
    from schemas
    union all
    select name, concat_ws(' ', 'relation', relkind, relowner::regrole, relrowsecurity, relforcerowsecurity, reloptions,
      (select array_agg(acl::text order by acl::text) from unnest(relacl) acl), obj_description(oid, 'pg_class'),
      case relkind when 'v' then pg_get_viewdef(oid) end)
    from relations
    union all
    select name, concat_ws(' ', 'column', attnum, attname, format_type(atttypid, atttypmod), attnotnull,
      attidentity, attgenerated, attacl, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
    from relations join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relkind <> 'S'
    union all
    select name, concat_ws(' ', 'constraint', conname, pg_get_constraintdef(o.oid), convalidated)
    from relations join pg_constraint o on conrelid = relations.oid
    union all
    select name, concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid)
    from relations join pg_index on indrelid = relations.oid
    union all
    select name, concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), tgenabled)
    from relations join pg_trigger t on tgrelid = relations.oid and not tgisinternal
    union all
    select name, concat_ws(' ', 'policy', polname, polcmd, polpermissive, polroles::regrole[],
      pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from relations join pg_policy on polrelid = relations.oid
    union all
    select p.oid::regprocedure::text, concat_ws(' ', 'function', proowner::regrole, pg_get_functiondef(p.oid),
      (select array_agg(acl::text order by acl::text) from unnest(proacl) acl), obj_description(p.oid, 'pg_proc'))
    from pg_proc p where pronamespace in (select oid from schemas) and prokind in ('f', 'p')
    union all
    select t.oid::regtype::text, concat_ws(' ', 'type', typtype, typowner::regrole, typacl,
      (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid))
    from pg_type t left join pg_class c on c.oid = t.typrelid
    where typnamespace in (select oid from schemas) and typelem = 0 and coalesce(c.relkind, 'c') = 'c'
    ) as catalogue order by name collate "C", text collate "C"
  `);
  return rows;
}

/** The names of everything in it. */
export const namesIn = (catalogue: readonly CatalogueRow[]): Set<string> =>
  new Set(catalogue.map(({ name }) => name));
