-- Money that leaves again, or that was never the customer's: refunds, disputes, promotions and corrections.

-- What an entry was made for. Charges and top-ups are told to the customer as events; the others are not, so that they
-- take no number.
alter table public.hourly_ledger_entries
  add column reason text,
  add column refund_id uuid,
  add column dispute_id text,
  alter column event_no drop not null;
alter table public.hourly_ledger_entries
  add constraint hourly_ledger_entries_event check ((type in ('hour', 'topup')) = (event_no is not null)),
  add constraint hourly_ledger_entries_cause check (
    (type = 'refund') = (refund_id is not null)
    and (type = 'dispute') = (dispute_id is not null)
    and (type in ('adjustment', 'promo')) = (reason is not null)
  );

-- Once out and at most once back.
create unique index hourly_ledger_entries_refund_key on public.hourly_ledger_entries (refund_id, debit_account_id)
  where type = 'refund';
create unique index hourly_ledger_entries_dispute_key on public.hourly_ledger_entries (dispute_id, debit_account_id)
  where type = 'dispute';

alter table public.hourly_account_balance
  -- Held by open disputes or lost to them.
  add column disputed_cents bigint not null default 0;

-- A refund that somebody made outside the product may meet one of ours that is still on its way: until the provider
-- refuses one of them, more is out than was paid in.
alter table public.hourly_topup_transactions
  drop constraint hourly_topup_transactions_amount,
  add constraint hourly_topup_transactions_amount check (
    amount_cents > 0 and amount_inr_paise = amount_cents * inr_per_usd and refunded_cents >= 0
  );

-- Without an account when the payment was never credited: then it moves nothing in the ledger.
create table public.hourly_refunds (
  id uuid not null default gen_random_uuid(),
  account_id bigint,
  topup_id uuid,
  payment_id text,
  amount_cents bigint not null,
  amount_paise bigint not null,
  status text not null,
  source text not null,
  razorpay_refund_id text,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint hourly_refunds_pkey primary key (id),
  constraint hourly_refunds_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_refunds_topup_id_fkey foreign key (topup_id)
    references public.hourly_topup_transactions (id) on delete restrict on update cascade,
  constraint hourly_refunds_status check (status in ('pending', 'processed', 'failed')),
  constraint hourly_refunds_settled check ((status = 'pending') = (settled_at is null)),
  constraint hourly_refunds_source check (source in ('operator', 'provider')),
  constraint hourly_refunds_account check ((account_id is null) = (topup_id is null)),
  constraint hourly_refunds_amount check (
    amount_paise > 0 and amount_cents >= 0 and (account_id is not null or amount_cents = 0)
  )
);

create unique index hourly_refunds_razorpay_refund_id_key on public.hourly_refunds (razorpay_refund_id);
create index hourly_refunds_account_id_idx on public.hourly_refunds (account_id);
create index hourly_refunds_topup_id_idx on public.hourly_refunds (topup_id);
create index hourly_refunds_pending on public.hourly_refunds (created_at) where status = 'pending';

create table public.hourly_disputes (
  dispute_id text not null,
  account_id bigint,
  topup_id uuid,
  payment_id text not null,
  amount_cents bigint not null,
  amount_paise bigint not null,
  status text not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint hourly_disputes_pkey primary key (dispute_id),
  constraint hourly_disputes_account_id_fkey foreign key (account_id)
    references public.hourly_account_balance (id) on delete restrict on update cascade,
  constraint hourly_disputes_topup_id_fkey foreign key (topup_id)
    references public.hourly_topup_transactions (id) on delete restrict on update cascade,
  constraint hourly_disputes_status check (status in ('open', 'won', 'lost', 'closed')),
  constraint hourly_disputes_settled check ((status = 'open') = (settled_at is null)),
  constraint hourly_disputes_account check ((account_id is null) = (topup_id is null)),
  constraint hourly_disputes_amount check (
    amount_paise > 0 and amount_cents >= 0 and (account_id is not null or amount_cents = 0)
  )
);

create index hourly_disputes_account_id_idx on public.hourly_disputes (account_id);
create index hourly_disputes_topup_id_idx on public.hourly_disputes (topup_id);

do $$
declare
  v_table text;
  v_stranger text;
begin
  foreach v_table in array array['hourly_refunds', 'hourly_disputes']
  loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on public.%I from public', v_table);
    for v_stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated')
    loop
      execute format('revoke all on public.%I from %I', v_table, v_stranger);
    end loop;
    execute format(
      'create policy hourly_product on public.%I to hourly_app, hourly_worker using (true) with check (true)', v_table
    );
    execute format('grant select, insert, update on public.%I to hourly_app, hourly_worker', v_table);
  end loop;
end
$$;
