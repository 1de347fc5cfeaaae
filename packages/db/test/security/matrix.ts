/** What a role may do with a table's rows. References and triggers belong to owners alone. */
export const verbs = ['select', 'insert', 'update', 'delete', 'truncate'] as const;
export type Verb = (typeof verbs)[number];

const [none, read, add] = ['', 'select', 'select insert'];
const change = `${add} update`;
const manage = `${change} delete`;

/**
 * Every table and what the product's two roles may do with it: nothing else, and nobody else anything. A table that is
 * not here fails the tests, like a row without its table.
 *
 * Nobody deletes or truncates what is about money. Rows that have a state can be changed; what happened, what was paid and
 * what was asked for is only added.
 */
export const matrix: Readonly<Record<string, { hourly_app: string; hourly_worker: string }>> = {
  'public.hourly_account_balance': { hourly_app: change, hourly_worker: change },
  'public.hourly_usage_sessions': { hourly_app: change, hourly_worker: change },
  'public.hourly_session_segments': { hourly_app: change, hourly_worker: change },
  'public.hourly_topup_transactions': { hourly_app: change, hourly_worker: change },
  'public.hourly_payments': { hourly_app: change, hourly_worker: change },
  'public.hourly_refunds': { hourly_app: change, hourly_worker: change },
  'public.hourly_disputes': { hourly_app: change, hourly_worker: change },
  'public.hourly_webhook_events': { hourly_app: change, hourly_worker: change },
  'public.hourly_generations': { hourly_app: change, hourly_worker: change },
  'public.hourly_api_keys': { hourly_app: change, hourly_worker: change },

  'public.hourly_ledger_entries': { hourly_app: add, hourly_worker: add },
  'public.hourly_events': { hourly_app: add, hourly_worker: add },
  'public.hourly_requests': { hourly_app: add, hourly_worker: add },
  'public.hourly_generation_outputs': { hourly_app: add, hourly_worker: add },
  'public.hourly_sellers': { hourly_app: add, hourly_worker: add },
  'public.hourly_receipts': { hourly_app: add, hourly_worker: add },
  'public.hourly_ledger_seals': { hourly_app: read, hourly_worker: add },
  'public.hourly_book_comparisons': { hourly_app: read, hourly_worker: add },
  'public.hourly_job_workers': { hourly_app: read, hourly_worker: manage },

  'public.plan_pricing': { hourly_app: read, hourly_worker: read },
  'public.hourly_system_accounts': { hourly_app: read, hourly_worker: read },
  'public.hourly_sql_functions': { hourly_app: read, hourly_worker: read },
  // The runner's own; the product does not ask it.
  'public._prisma_migrations': { hourly_app: none, hourly_worker: none },

  // Jobs that are done are deleted, and adding one with a key replaces the one that waits.
  'hourly_jobs._private_jobs': { hourly_app: manage, hourly_worker: manage },
  'hourly_jobs._private_job_queues': { hourly_app: add, hourly_worker: manage },
  'hourly_jobs._private_tasks': { hourly_app: add, hourly_worker: manage },
  'hourly_jobs._private_known_crontabs': { hourly_app: none, hourly_worker: manage },
  'hourly_jobs.migrations': { hourly_app: read, hourly_worker: read },
  'hourly_jobs.jobs': { hourly_app: none, hourly_worker: none },
};

/** Refuse to change by a trigger, to their owner and to superusers, too. */
export const appendOnly = [
  'public.hourly_events',
  'public.hourly_ledger_entries',
  'public.hourly_ledger_seals',
  'public.hourly_receipts',
  'public.hourly_sellers',
] as const;
