create or replace function public.hourly_api_key_json(k public.hourly_api_keys, p_mode text) returns jsonb
language sql immutable parallel safe
set search_path = ''
as $$
  select jsonb_build_object(
    'id', k.id,
    'name', k.name,
    'mode', p_mode,
    'prefix', k.prefix,
    'createdAt', public.hourly_iso(k.created_at),
    'expiresAt', public.hourly_iso(k.expires_at),
    'lastUsedAt', public.hourly_iso(k.last_used_at),
    'revokedAt', public.hourly_iso(k.revoked_at)
  )
$$;

-- Whose key this is. Revocation and expiry hold from the instant they are written; real time, in test mode too.
create or replace function public.authenticate_hourly_api_key(p_secret_hash text) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  k public.hourly_api_keys;
  a public.hourly_account_balance;
begin
  select * into k from public.hourly_api_keys where secret_hash = p_secret_hash;
  if not found or k.revoked_at is not null or k.expires_at <= clock_timestamp() then
    return public.hourly_refusal('UNAUTHENTICATED');
  end if;
  if k.last_used_at is null or k.last_used_at < clock_timestamp() - interval '1 minute' then
    update public.hourly_api_keys set last_used_at = clock_timestamp() where id = k.id;
  end if;
  select * into strict a from public.hourly_account_balance where id = k.account_id;
  return jsonb_build_object('keyId', k.id, 'accountId', a.id::text, 'userId', a.user_id, 'mode', a.mode);
end
$$;

create or replace function public.create_hourly_api_key(
  p_account_id bigint,
  p_name text,
  p_prefix text,
  p_secret_hash text,
  p_expires_at timestamptz,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  k public.hourly_api_keys;
  v_request record;
begin
  if a.id is null then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  v_request := public.hourly_find_request(a.id, 'keys.create', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  elsif v_request.resource_id is not null then
    select * into strict k from public.hourly_api_keys where id = v_request.resource_id::uuid;
    return jsonb_build_object('created', false, 'key', public.hourly_api_key_json(k, a.mode));
  end if;
  if p_expires_at <= clock_timestamp() then
    return public.hourly_refusal('INVALID_INPUT', null, 'expiresAt is in the past.');
  end if;
  update public.hourly_account_balance set key_no = a.key_no + 1 where id = a.id;
  insert into public.hourly_api_keys (account_id, key_no, name, prefix, secret_hash, expires_at)
  values (a.id, a.key_no + 1, p_name, p_prefix, p_secret_hash, p_expires_at)
  returning * into k;
  perform public.hourly_keep_request(a.id, 'keys.create', p_request_key, p_input_hash, k.id::text);
  return jsonb_build_object('created', true, 'key', public.hourly_api_key_json(k, a.mode));
end
$$;

create or replace function public.revoke_hourly_api_key(
  p_account_id bigint,
  p_key_id uuid,
  p_request_key text default null,
  p_input_hash text default null,
  p_now timestamptz default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  a public.hourly_account_balance := public.hourly_lock_account(p_account_id, p_now);
  k public.hourly_api_keys;
  v_request record;
begin
  v_request := public.hourly_find_request(a.id, 'keys.revoke', p_request_key, p_input_hash);
  if v_request.refusal is not null then
    return v_request.refusal;
  end if;
  update public.hourly_api_keys set revoked_at = coalesce(revoked_at, clock_timestamp())
  where id = p_key_id and account_id = a.id
  returning * into k;
  if not found then
    return public.hourly_refusal('NOT_FOUND');
  end if;
  if v_request.resource_id is null then
    perform public.hourly_keep_request(a.id, 'keys.revoke', p_request_key, p_input_hash, k.id::text);
  end if;
  return public.hourly_api_key_json(k, a.mode);
end
$$;

create or replace function public.list_hourly_api_keys(p_account_id bigint, p_cursor bigint, p_limit integer)
returns jsonb
language sql stable
set search_path = ''
as $$
  select public.hourly_page(array_agg(k.key_no order by k.key_no desc),
    array_agg(public.hourly_api_key_json(k, a.mode) order by k.key_no desc), p_limit)
  from public.hourly_account_balance a
  cross join lateral (
    select * from public.hourly_api_keys q
    where q.account_id = a.id and (p_cursor is null or q.key_no < p_cursor)
    order by q.key_no desc
    limit p_limit + 1
  ) k
  where a.id = p_account_id
$$;
