-- The ledger as text, of which seals are hashes and statements consist: one line of JSON an entry, the same on every
-- version of Postgres and under every setting. A column that is null is left out, so that a new one changes no old line.
-- In plpgsql, because lines are made by the million, and a function in SQL with a fixed search_path would take four
-- times as long. What the lines mean is written down in docs/ledger.md.
create or replace function public.hourly_ledger_line(e public.hourly_ledger_entries) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return concat(
    '{"entryNo":', e.entry_no,
    ',"type":', to_json(e.type),
    ',"amountCents":', case when e.credit_account_id = e.account_id then e.amount_cents else -e.amount_cents end,
    ',"balanceAfterCents":', e.balance_after_cents,
    -- The other side, an account of the house. The own side is left out: its number is only ours to know.
    ',"fromAccount":' || nullif(e.debit_account_id, e.account_id),
    ',"toAccount":' || nullif(e.credit_account_id, e.account_id),
    ',"eventNo":' || e.event_no,
    ',"sessionId":"' || e.session_id || '"',
    ',"hour":' || e.hour,
    ',"trigger":' || to_json(e.trigger)::text,
    ',"topupId":"' || e.topup_id || '"',
    ',"refundId":"' || e.refund_id || '"',
    ',"disputeId":' || to_json(e.dispute_id)::text,
    ',"reason":' || to_json(e.reason)::text,
    ',"effectiveAtUs":', trunc(extract(epoch from e.effective_at) * 1000000),
    ',"createdAtUs":', trunc(extract(epoch from e.created_at) * 1000000),
    '}'
  );
end
$$;

-- The line that a ledger begins with. Its hash is what the first seal continues.
create or replace function public.hourly_genesis_line(p_ledger_id uuid) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return '{"hourlyLedger":1,"ledgerId":"' || p_ledger_id || '"}';
end
$$;

-- The line that closes a batch of entries, the last one that its hash covers.
create or replace function public.hourly_seal_line(p_seal_no bigint, p_last_entry_no bigint, p_sealed_at timestamptz)
returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return concat('{"sealNo":', p_seal_no, ',"lastEntryNo":', p_last_entry_no,
    ',"sealedAtUs":', trunc(extract(epoch from p_sealed_at) * 1000000), '}');
end
$$;

-- A hash as a line: it follows what it is the hash of, and is the first line of what the next one covers.
create or replace function public.hourly_hash_line(p_hash bytea) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return '{"hash":"' || encode(p_hash, 'hex') || '"}';
end
$$;

-- The hash that a ledger begins with.
create or replace function public.hourly_genesis_hash(p_ledger_id uuid) returns bytea
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return sha256(convert_to(public.hourly_genesis_line(p_ledger_id) || chr(10), 'UTF8'));
end
$$;

-- The hash of a seal: over the hash line of the seal before it, the lines of its entries, and its own line. Each line
-- ends with a line feed, also those that p_lines consists of.
create or replace function public.hourly_seal_hash(
  p_hash_before bytea, p_lines text, p_seal_no bigint, p_last_entry_no bigint, p_sealed_at timestamptz
) returns bytea
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return sha256(convert_to(concat(
    public.hourly_hash_line(p_hash_before), chr(10),
    p_lines,
    public.hourly_seal_line(p_seal_no, p_last_entry_no, p_sealed_at), chr(10)
  ), 'UTF8'));
end
$$;
