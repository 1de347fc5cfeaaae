import type { TestDatabase } from '@hourly/db/testing';

/** A mistake that somebody could make in one of the functions. */
export interface Mutant {
  mistake: string;
  /**
   * The first of the schedules to look at. Those before it found nothing when this was written; when schedules are made
   * otherwise it is found somewhat later, and no worse.
   */
  lookFrom: number;
  inFunction: string;
  from: string;
  to: string;
}

const mutant = (
  inFunction: string,
  mistake: string,
  from: string,
  to: string,
  lookFrom: number,
): Mutant => ({ mistake, lookFrom, inFunction, from, to });

/** Puts the mistake into the function of this database alone. */
export async function mutate(db: TestDatabase, { inFunction, from, to }: Mutant): Promise<void> {
  const { rows } = await db.owner.query<{ definition: string }>(
    `select pg_get_functiondef(oid) as definition from pg_proc
     where proname = $1 and pronamespace = 'public'::regnamespace`,
    [inFunction],
  );
  const definition = rows[0]?.definition ?? '';
  // Functions change; a mistake that is none any more would be looked for in vain.
  if (rows.length !== 1 || definition.split(from).length !== 2) {
    throw new Error(`${inFunction} has no single "${from}"`);
  }
  await db.owner.query(definition.replace(from, () => to));
}

export const mutants: Mutant[] = [
  mutant(
    'hourly_due',
    'an hour is charged at exactly paid-through',
    '+ v_hour_us - 1)',
    '+ v_hour_us)',
    2,
  ),
  mutant(
    'hourly_due',
    'insolvency acts at exactly paid-through',
    "stop_at > p_now or (stop_at = p_now and stop_reason = 'insufficient_balance')",
    'stop_at > p_now',
    24,
  ),
  mutant(
    'hourly_due',
    'a guard acts only after its instant',
    'elsif stop_at > p_now',
    'elsif stop_at >= p_now',
    0,
  ),
  mutant(
    'hourly_due',
    'hours beyond a guard are charged',
    'least(p_now, v_stop.stop_at)',
    'p_now',
    2,
  ),
  mutant(
    'hourly_due',
    'a pass that was cut short believes that it is done',
    "settled_until := a.paid_until + hours * interval '1 hour'",
    'settled_until := p_now',
    42,
  ),
  mutant(
    'hourly_stop',
    'insolvency wins a tie against idle',
    'v_idle_at <= stop_at',
    'v_idle_at < stop_at',
    34,
  ),
  mutant(
    'hourly_stop',
    'idle and insolvency win a tie against the end of an hour',
    'a.paid_until <= stop_at',
    'a.paid_until < stop_at',
    12,
  ),
  mutant(
    'hourly_stop',
    'idle wins a tie against the end of an hour',
    'a.paid_until <= stop_at',
    "(a.paid_until < stop_at or a.paid_until = stop_at and reason <> 'idle')",
    16,
  ),
  mutant(
    'hourly_stop',
    'everything wins a tie against maxHours',
    'v_last_hour_at <= stop_at',
    'v_last_hour_at < stop_at',
    4,
  ),
  mutant(
    'hourly_stop',
    'the end of an hour wins a tie against maxHours',
    'v_last_hour_at <= stop_at',
    "(v_last_hour_at < stop_at or v_last_hour_at = stop_at and reason <> 'hour_end')",
    14,
  ),
  mutant(
    'hourly_stop',
    'a generation that is under way does not keep a session busy',
    'greatest(a.idle_from, a.busy_until)',
    'a.idle_from',
    3,
  ),
  mutant(
    'hourly_stop',
    'the next hour is paid with a cent less',
    'greatest(a.balance_cents, 0) / a.rate_cents',
    'greatest(a.balance_cents + 1, 0) / a.rate_cents',
    29,
  ),
  mutant(
    'hourly_stop',
    'maxHours counts from the start of the segment',
    "(a.max_hours - a.hours_charged) * interval '1 hour'",
    "a.max_hours * interval '1 hour'",
    4,
  ),
  mutant(
    'hourly_now',
    'an account’s time runs backwards',
    'greatest(coalesce(p_now, a.clock_at, clock_timestamp()), a.as_of)',
    'coalesce(p_now, a.clock_at, clock_timestamp())',
    2,
  ),
  mutant(
    'hourly_charge_hours',
    'a charge is dated when it is noticed',
    'c.due_at + (n - 1) * c.due_step',
    'c.as_of',
    0,
  ),
  mutant(
    'hourly_charge_hours',
    'balance.low is said while one hour can still be paid',
    'a.rate_cents::bigint < a.rate_cents as is_low',
    'a.rate_cents::bigint <= a.rate_cents as is_low',
    2,
  ),
  mutant(
    'hourly_stop_sessions',
    'active time ends when a stop is noticed',
    'set ended_at = s.stop_at',
    'set ended_at = s.as_of',
    2,
  ),
  mutant(
    'hourly_stop_sessions',
    'a session ends when that is noticed',
    "set status = 'ended', ended_at = s.stop_at",
    "set status = 'ended', ended_at = s.as_of",
    4,
  ),
  mutant(
    'hourly_stop_sessions',
    'a late pause loses paid time',
    'public.hourly_us(a.paid_until - p.stop_at)',
    'greatest(0, public.hourly_us(a.paid_until - p.as_of))',
    3,
  ),
  mutant(
    'hourly_resume_session',
    'a resume without paid time charges only later',
    'if a.unused_us = 0 then',
    'if false then',
    2,
  ),
  mutant(
    'hourly_resume_session',
    'every resume begins a fresh hour',
    "a.as_of + a.unused_us * interval '1 microsecond'",
    "a.as_of + case a.unused_us when 0 then interval '0' else interval '1 hour' end",
    3,
  ),
  mutant(
    'hourly_resume_session',
    'a resume needs the price of an hour, paid time or not',
    'elsif a.unused_us = 0 and',
    'elsif',
    29,
  ),
  mutant(
    'hourly_resume_session',
    'a frozen account goes on inside its paid hour',
    'if a.balance_cents < 0 then',
    'if false then',
    23,
  ),
  mutant('hourly_resume_session', 'idle counts from before a pause', 'idle_from = a.as_of,', '', 3),
  mutant(
    'hourly_settle_locked',
    'a call charges in the name of the settlement',
    "v_now, 'call'",
    "v_now, 'settlement'",
    0,
  ),
  mutant(
    'hourly_settle_locked',
    'a call settles a day at most',
    "'call', 2147483647",
    "'call', 24",
    27,
  ),
  mutant(
    'settle_hourly_sessions',
    'a pass charges an hour more than a day',
    'least(24,',
    'least(25,',
    42,
  ),
  mutant(
    'settle_hourly_sessions',
    'a pass settles test accounts',
    "due_at is not null and mode = 'live'\n    order by due_at\n    limit p_limit",
    'due_at is not null\n    order by due_at\n    limit p_limit',
    3,
  ),
  mutant(
    'start_hourly_session',
    'the price of an hour is not enough to start',
    'a.balance_cents < v_required_cents',
    'a.balance_cents <= v_required_cents',
    3,
  ),
  mutant(
    'start_hourly_session',
    'a start needs the smaller of its two limits',
    'greatest(p.session_minimum_hours',
    'least(p.session_minimum_hours',
    24,
  ),
  mutant(
    'toggle_hourly_session',
    'a toggle aims at the opposite of what settling has led to',
    "v_to := coalesce(p_to, case when a.paid_until is not null then 'paused' else 'active' end);\n  a := public.hourly_settle_locked(a, p_now);",
    "a := public.hourly_settle_locked(a, p_now);\n  v_to := coalesce(p_to, case when a.paid_until is not null then 'paused' else 'active' end);",
    72,
  ),
  mutant(
    'toggle_hourly_session',
    'a toggle forgets its key',
    "perform public.hourly_keep_request(a.id, 'toggle', p_request_key, p_input_hash, s.id::text);",
    '',
    71,
  ),
  mutant(
    'end_hourly_session',
    'an end does not find what settling has just ended',
    'coalesce(p_session_id, v_open_before)',
    'coalesce(p_session_id, a.session_id)',
    28,
  ),
  mutant(
    'hourly_find_request',
    'a key stands for any input',
    'or r.input_hash <> p_input_hash',
    '',
    71,
  ),
  mutant(
    'add_hourly_balance',
    'a late top-up revives a session',
    'a := public.hourly_lock_account(t.account_id, p_now);',
    `select * into a from public.hourly_account_balance where id = t.account_id for no key update;
     a.as_of := public.hourly_now(a, p_now);`,
    8,
  ),
  mutant(
    'add_hourly_balance',
    'a top-up is credited with every payment',
    "when t.paid_at is not null then 'second_payment'",
    '',
    25,
  ),
  mutant(
    'hourly_finish_generation',
    'a late result counts as activity of then',
    'least(a.as_of, v_deadline)',
    'a.as_of',
    0,
  ),
  mutant(
    'hourly_finish_generation',
    'one generation that ends makes all of them idle',
    'o.completed_at is null',
    'false',
    3,
  ),
  mutant(
    'hourly_finish_generation',
    'a generation may end at its deadline',
    'if a.as_of >= v_deadline',
    'if a.as_of > v_deadline',
    69,
  ),
  mutant(
    'hourly_finish_generation',
    'a generation keeps the next session busy',
    'and b.session_id = g.session_id',
    'and b.session_id is not null',
    10,
  ),
  mutant(
    'hourly_post_entry',
    'a balance of zero is frozen',
    'v_before_cents >= 0 and a.balance_cents < 0',
    'v_before_cents > 0 and a.balance_cents <= 0',
    12,
  ),
  mutant(
    'hourly_post_entry',
    'freezing lets a session run',
    'if a.paid_until is not null then',
    'if false then',
    1,
  ),
  mutant(
    'hourly_post_entry',
    'balance.low is said at every debit',
    'v_before_cents >= a.rate_cents and',
    'p_cents < 0 and',
    33,
  ),
  mutant(
    'hourly_balance_json',
    'what is committed may be refunded',
    'least(a.balance_cents - c.remaining_cents,',
    'least(a.balance_cents,',
    11,
  ),
  mutant(
    'hourly_balance_json',
    'promotional money pays for what was disputed away',
    'a.refunded_cents - a.disputed_cents',
    'a.refunded_cents',
    74,
  ),
  mutant(
    'hourly_topup_refundable_cents',
    'a top-up is refunded beyond itself',
    't.amount_cents - t.refunded_cents',
    't.amount_cents',
    48,
  ),
  mutant(
    'record_hourly_dispute',
    'a dispute that is won after it was lost is not given back',
    "or d.status = 'lost' and v_is_returned",
    '',
    23,
  ),
  mutant(
    'record_hourly_refund',
    'a refund that fails twice is credited twice',
    "if r.status = 'pending' and",
    'if',
    12,
  ),
  mutant(
    'hourly_adopt_payment',
    'what was disputed of a payment before it was credited is forgotten',
    "status in ('open', 'lost')",
    "status = 'lost'",
    104,
  ),
  mutant(
    'hourly_adopt_payment',
    'a refund that failed before its payment was credited takes money',
    "status <> 'failed'",
    'true',
    72,
  ),
];
