-- Functions are for the product's roles alone. On Supabase everybody could call the others through the data API, and
-- sequences are handed to everybody there, too.
do $$
declare
  v_function regprocedure;
  v_sequence regclass;
  v_stranger text;
begin
  for v_function in
    select p.oid::regprocedure
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname like '%hourly%' and p.prokind = 'f'
  loop
    execute format('revoke all on function %s from public', v_function);
    for v_stranger in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on function %s from %I', v_function, v_stranger);
    end loop;
    execute format('grant execute on function %s to hourly_app, hourly_worker', v_function);
  end loop;
  for v_sequence in
    select c.oid::regclass
    from pg_catalog.pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname like 'hourly%' and c.relkind = 'S'
  loop
    execute format('revoke all on sequence %s from public', v_sequence);
    for v_stranger in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on sequence %s from %I', v_sequence, v_stranger);
    end loop;
  end loop;
end
$$;
