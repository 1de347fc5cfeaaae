-- One pass of the sealing: seals the new entries of up to p_limit accounts after p_after_account_id, at most 1000 entries
-- a seal, one seal an account and about 20,000 entries in all. nextAccountId is where to go on, null at the end; it comes
-- back to an account that has more to seal.
--
-- Locks no account and waits for no customer. An account's row and its entries are written by the same transactions: one
-- statement sees both as they were committed, whole and without gaps. Where two sealers meet at an account, the first
-- seal counts and the other one does nothing. An entry that is missing stops the sealing of its account: the audit tells.
create or replace function public.seal_hourly_ledger(p_after_account_id bigint, p_limit integer) returns jsonb
language sql volatile
set search_path = ''
as $$
  with accounts as materialized (
    select a.id, a.ledger_id, a.entry_no
    from public.hourly_account_balance a
    where a.id > p_after_account_id
    order by a.id
    limit p_limit
  ), behind as materialized (
    select a.*, coalesce(s.seal_no, 0) as seal_no, coalesce(s.last_entry_no, 0) as last_entry_no, s.hash, s.sealed_at,
      -- How many entries of this pass come before this account's.
      sum(least(a.entry_no - coalesce(s.last_entry_no, 0), 1000)) over w
        - least(a.entry_no - coalesce(s.last_entry_no, 0), 1000) as entries_before
    from accounts a
    left join lateral (
      select * from public.hourly_ledger_seals q where q.account_id = a.id order by q.seal_no desc limit 1
    ) s on true
    where a.entry_no > coalesce(s.last_entry_no, 0)
    window w as (order by a.id)
  ), sealed as (
    insert into public.hourly_ledger_seals (account_id, seal_no, last_entry_no, sealed_at, hash)
    select b.id, b.seal_no + 1, batch.last_entry_no, clock.sealed_at,
      public.hourly_seal_hash(coalesce(b.hash, public.hourly_genesis_hash(b.ledger_id)), batch.lines,
        b.seal_no + 1, batch.last_entry_no, clock.sealed_at)
    from behind b
    cross join lateral (select greatest(statement_timestamp(), b.sealed_at)) as clock (sealed_at)
    cross join lateral (
      select max((n.entry).entry_no) as last_entry_no,
        string_agg(public.hourly_ledger_line(n.entry) || chr(10), '' order by (n.entry).entry_no) as lines
      from (
        select e as entry, b.last_entry_no + row_number() over (order by e.entry_no) as expected_no
        from public.hourly_ledger_entries e
        where e.account_id = b.id and e.entry_no > b.last_entry_no and e.entry_no <= b.last_entry_no + 1000
      ) n
      where (n.entry).entry_no = n.expected_no
    ) batch
    where b.entries_before < 20000 and batch.last_entry_no is not null
    -- In one order, so that sealers that meet wait for each other and never in a circle.
    order by b.id
    on conflict (account_id, seal_no) do nothing
    returning account_id, last_entry_no
  ), unfinished as (
    select min(b.id) as id
    from behind b
    left join sealed s on s.account_id = b.id
    where b.entries_before >= 20000 or (s.last_entry_no = b.last_entry_no + 1000 and s.last_entry_no < b.entry_no)
  )
  select jsonb_build_object(
    'accounts', (select count(*) from accounts),
    'seals', (select count(*) from sealed),
    'entries', (
      select coalesce(sum(s.last_entry_no - b.last_entry_no), 0)
      from sealed s join behind b on b.id = s.account_id
    ),
    'nextAccountId', (
      select coalesce(u.id - 1, case when count(*) = p_limit then max(l.id) end)::text
      from accounts l cross join unfinished u
      group by u.id
    )
  )
$$;
