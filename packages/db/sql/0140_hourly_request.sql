-- Idempotency: what was asked for with a key before. resource_id is set on a replay, refusal when the key stands for
-- something else; both null for a new key or none. Mutations look here before any other check.
create or replace function public.hourly_find_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text,
  out resource_id text, out refusal jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  r public.hourly_requests;
begin
  select * into r from public.hourly_requests q where q.account_id = p_account_id and q.key = p_key;
  if not found then
    return;
  end if;
  if r.procedure <> p_procedure or r.input_hash <> p_input_hash then
    refusal := public.hourly_refusal('IDEMPOTENCY_KEY_REUSED');
  else
    resource_id := r.resource_id;
  end if;
end
$$;

create or replace function public.hourly_keep_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text, p_resource_id text
) returns void
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_requests (account_id, key, procedure, input_hash, resource_id)
  select p_account_id, p_key, p_procedure, p_input_hash, p_resource_id
  where p_key is not null
$$;

-- For mutations that have to ask somebody else before they can act.
create or replace function public.find_hourly_request(
  p_account_id bigint, p_procedure text, p_key text, p_input_hash text
) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(r.refusal, jsonb_build_object('resourceId', r.resource_id))
  from public.hourly_find_request(p_account_id, p_procedure, p_key, p_input_hash) r
$$;
