-- Keeps what a comparison of the provider's books with ours found.
create or replace function public.add_hourly_book_comparison(
  p_from timestamptz, p_to timestamptz, p_started_at timestamptz,
  p_payments integer, p_refunds integer, p_disputes integer, p_differences jsonb
) returns jsonb
language sql volatile
set search_path = ''
as $$
  insert into public.hourly_book_comparisons (from_at, to_at, started_at, payments, refunds, disputes, differences)
  values (p_from, p_to, p_started_at, p_payments, p_refunds, p_disputes, p_differences)
  returning jsonb_build_object('id', id::text)
$$;
