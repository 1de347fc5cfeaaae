-- Every seal of an account, recomputed from the entries that it covers: they are numbered without gaps, begin where the
-- one before ended, and their hash is what was written down. At most 1000 entries are in hand at a time.
create or replace function public.hourly_audit_seals(a public.hourly_account_balance)
returns table (what text, expected text, found text)
language sql stable
set search_path = ''
as $$
  select d.what, d.expected, d.found
  from (
    select s.*, coalesce(lag(s.seal_no) over w, 0) as seal_no_before,
      coalesce(lag(s.last_entry_no) over w, 0) as entry_no_before, lag(s.hash) over w as hash_before
    from public.hourly_ledger_seals s
    where s.account_id = a.id
    window w as (order by s.seal_no)
  ) s
  cross join lateral (
    select s.seal_no = s.seal_no_before + 1 as follows, s.last_entry_no - s.entry_no_before as entries,
      'seal ' || s.seal_no || ' of entries ' || s.entry_no_before + 1 || ' to ' || s.last_entry_no as name
  ) x
  left join lateral (
    select count(*) as entries, string_agg(public.hourly_ledger_line(e) || chr(10), '' order by e.entry_no) as lines
    from public.hourly_ledger_entries e
    where e.account_id = a.id and e.entry_no > s.entry_no_before and e.entry_no <= s.last_entry_no
  ) l on x.follows and x.entries between 1 and 1000
  left join lateral (
    select public.hourly_seal_hash(coalesce(s.hash_before, public.hourly_genesis_hash(a.ledger_id)), l.lines,
      s.seal_no, s.last_entry_no, s.sealed_at) as hash
  ) h on x.entries = l.entries
  cross join lateral (
    select 'seal ' || s.seal_no_before + 1, 'one that seal ' || s.seal_no || ' continues', 'none'
    where not x.follows
    union all
    select x.name, '1 to 1000 entries', x.entries::text where x.follows and x.entries not between 1 and 1000
    union all
    select x.name, x.entries || ' entries', l.entries::text where x.entries <> l.entries
    union all
    select x.name, encode(s.hash, 'hex'), encode(h.hash, 'hex') where s.hash <> h.hash
  ) d (what, expected, found)
$$;
