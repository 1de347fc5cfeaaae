-- A page of an account's statement as text, oldest first: the line that the ledger begins with, the entries, after the
-- last entry of each seal the seal and its hash, and at the very end what it all comes to. A stretch of the text from one
-- hash to the line before the next is what that next hash is taken of.
create or replace function public.hourly_statement_at(
  p_account_id bigint, p_after_entry_no bigint, p_after_seal_no bigint, p_until_entry_no bigint, p_until_seal_no bigint,
  p_limit integer
) returns jsonb
language sql stable
set search_path = ''
as $$
  with account as (
    select a.*, last.*, least(p_after_entry_no + p_limit, last.until_entry_no) as to_entry_no
    from public.hourly_account_balance a
    cross join lateral (
      select coalesce(p_until_entry_no, a.entry_no) as until_entry_no, coalesce(p_until_seal_no, (
        select max(s.seal_no) from public.hourly_ledger_seals s where s.account_id = a.id
      ), 0) as until_seal_no
    ) last
    where a.id = p_account_id
  ), seals as (
    select s.*
    from account a
    cross join lateral (
      select * from public.hourly_ledger_seals q
      where q.account_id = a.id and q.seal_no > p_after_seal_no and q.seal_no <= a.until_seal_no
      order by q.seal_no
      limit p_limit
    ) s
    where s.last_entry_no <= a.to_entry_no
  ), lines as (
    select 0 as entry_no, 0 as place, public.hourly_genesis_line(a.ledger_id) || chr(10)
      || public.hourly_hash_line(public.hourly_genesis_hash(a.ledger_id)) as line
    from account a
    where p_after_entry_no = 0
    union all
    select e.entry_no, 1, public.hourly_ledger_line(e)
    from account a
    join public.hourly_ledger_entries e on e.account_id = a.id
    where e.entry_no > p_after_entry_no and e.entry_no <= a.to_entry_no
    union all
    select s.last_entry_no, 2, public.hourly_seal_line(s.seal_no, s.last_entry_no, s.sealed_at) || chr(10)
      || public.hourly_hash_line(s.hash)
    from seals s
    union all
    select a.until_entry_no, 3, concat(
      '{"entries":', a.until_entry_no,
      ',"sealedEntries":', coalesce((
        select s.last_entry_no from public.hourly_ledger_seals s where s.account_id = a.id and s.seal_no = a.until_seal_no
      ), 0),
      ',"balanceCents":', coalesce((
        select e.balance_after_cents from public.hourly_ledger_entries e
        where e.account_id = a.id and e.entry_no = a.until_entry_no
      ), 0),
      ',"mode":"', a.mode, '"}')
    from account a
    where a.to_entry_no = a.until_entry_no
  )
  select jsonb_build_object(
    'text', (select string_agg(l.line || chr(10), '' order by l.entry_no, l.place) from lines l),
    'next', (
      select jsonb_build_object('afterEntryNo', a.to_entry_no,
        'afterSealNo', coalesce((select max(s.seal_no) from seals s), p_after_seal_no),
        'untilEntryNo', a.until_entry_no, 'untilSealNo', a.until_seal_no)
      from account a
      where a.to_entry_no < a.until_entry_no
    )
  )
$$;

-- The first page settles the account and decides where the statement ends; p_next is what the page before answered.
create or replace function public.get_hourly_statement(p_account_id bigint, p_next jsonb, p_limit integer) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  if p_next is null and (public.hourly_read_account(p_account_id)).id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  return public.hourly_statement_at(p_account_id, coalesce((p_next ->> 'afterEntryNo')::bigint, 0),
    coalesce((p_next ->> 'afterSealNo')::bigint, 0), (p_next ->> 'untilEntryNo')::bigint,
    (p_next ->> 'untilSealNo')::bigint, p_limit);
end
$$;
