-- The newest seal of up to p_limit accounts after p_after_account_id. Whoever keeps these elsewhere can tell later
-- whether anything before them was rewritten.
create or replace function public.list_hourly_ledger_heads(p_after_account_id bigint, p_limit integer) returns jsonb
language sql stable
set search_path = ''
as $$
  with accounts as materialized (
    select a.id, a.ledger_id
    from public.hourly_account_balance a
    where a.id > p_after_account_id
    order by a.id
    limit p_limit
  )
  select jsonb_build_object(
    'heads', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'ledgerId', a.ledger_id,
        'sealNo', s.seal_no,
        'lastEntryNo', s.last_entry_no,
        'hash', encode(s.hash, 'hex'),
        'sealedAt', public.hourly_iso(s.sealed_at)
      ) order by a.id), '[]')
      from accounts a
      cross join lateral (
        select * from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
      ) s
    ),
    'nextAccountId', (select case when count(*) = p_limit then max(id)::text end from accounts)
  )
$$;

-- Compares heads that were kept elsewhere with the seals that are here: an array of what list_hourly_ledger_heads showed.
-- Together with an audit of the seals it proves that the entries which they cover are the ones of that time.
create or replace function public.check_hourly_ledger_heads(p_heads jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  with kept as (
    select k."ledgerId" as ledger_id, k."sealNo" as seal_no, k."lastEntryNo" as last_entry_no, k.hash
    from jsonb_to_recordset(p_heads) as k ("ledgerId" uuid, "sealNo" bigint, "lastEntryNo" bigint, hash text)
  ), differences as (
    select k.ledger_id, k.seal_no, d.*
    from kept k
    left join public.hourly_account_balance a on a.ledger_id = k.ledger_id
    left join public.hourly_ledger_seals s on s.account_id = a.id and s.seal_no = k.seal_no
    cross join lateral (
      select 'seal ' || k.seal_no as what, k.hash as expected, 'no such ledger' as found where a.id is null
      union all
      select 'seal ' || k.seal_no, k.hash, coalesce((
        select 'none, the last one is seal ' || q.seal_no || ' of entry ' || q.last_entry_no
        from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
      ), 'none')
      where a.id is not null and s.account_id is null
      union all
      select 'seal ' || k.seal_no, k.hash, encode(s.hash, 'hex') where encode(s.hash, 'hex') <> k.hash
      union all
      select 'last entry of seal ' || k.seal_no, k.last_entry_no::text, s.last_entry_no::text
      where s.last_entry_no <> k.last_entry_no and encode(s.hash, 'hex') = k.hash
    ) d
  )
  select jsonb_build_object(
    'heads', jsonb_array_length(p_heads),
    'differences', (
      select coalesce(jsonb_agg(jsonb_build_object('ledgerId', d.ledger_id, 'what', d.what, 'expected', d.expected,
        'found', d.found) order by d.ledger_id, d.seal_no), '[]')
      from differences d
    )
  )
$$;
