import type { Page, PageInput, Topup } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';
import { rowId } from './ids.ts';

/** A top-up as the database knows it: the provider's order instead of what a browser needs to pay it. */
export interface TopupRecord extends Omit<Topup, 'checkout'> {
  accountId: string;
  mode: 'live' | 'test';
  orderId: string | null;
}

/**
 * Stores a top-up in state `created` (in test mode settled at once: `paid`, or `failed` when the cents end in 01).
 * Refuses with AMOUNT_BELOW_MINIMUM or AMOUNT_ABOVE_MAXIMUM.
 */
export const createTopup = (
  db: Database,
  input: Mutation & { amountCents: number },
): Promise<TopupRecord> =>
  call(db, 'create_hourly_topup', [input.accountId, input.amountCents, ...mutationArgs(input)]);

/**
 * Claims the right to create the top-up's order at the provider, for `leaseSeconds`. `claimed` is false while another
 * call holds it, or when the order exists (then `topup.orderId` is set).
 */
export const claimTopupOrder = (
  db: Database,
  input: { topupId: string; leaseSeconds: number },
): Promise<{ claimed: boolean; attempt: number; topup: TopupRecord }> =>
  call(db, 'claim_hourly_topup_order', [rowId(input.topupId), input.leaseSeconds]);

/** Stores the provider's order, or with null gives the claim back after a failure. Never replaces an order. */
export const setTopupOrder = (
  db: Database,
  input: { topupId: string; orderId: string | null },
): Promise<TopupRecord> =>
  call(db, 'set_hourly_topup_order', [rowId(input.topupId), input.orderId]);

export const getTopup = (
  db: Database,
  input: { accountId: string; id: string },
): Promise<TopupRecord> => call(db, 'get_hourly_topup', [input.accountId, rowId(input.id)]);

/** NOT_FOUND unless the order is one of this account. */
export const getTopupByOrder = (
  db: Database,
  input: { accountId: string; orderId: string },
): Promise<TopupRecord> => call(db, 'get_hourly_topup_by_order', [input.accountId, input.orderId]);

export const listTopups = (
  db: Database,
  input: { accountId: string; page?: PageInput | undefined },
): Promise<Page<TopupRecord>> =>
  call(db, 'list_hourly_topups', [
    input.accountId,
    input.page?.cursor ?? null,
    input.page?.limit ?? 20,
  ]);

/** A captured payment, as the provider reports it. */
export interface CapturedPayment {
  paymentId: string;
  orderId: string | null;
  amountPaise: number;
  currency: string;
  source: 'webhook' | 'confirmation' | 'reconciliation';
}

/**
 * - `credited`: this call added the money;
 * - `duplicate`: this payment was credited before;
 * - `kept`: not creditable (see `why`) and kept for the operator.
 */
export interface Credit {
  outcome: 'credited' | 'duplicate' | 'kept';
  why: 'second_payment' | 'amount_mismatch' | 'unknown_order' | null;
  topup: TopupRecord | null;
}

/** The only way that a payment reaches a balance. A payment credits once, and a top-up once, whoever reports it how often. */
export const addBalance = (
  db: Database,
  input: CapturedPayment & Pick<Mutation, 'request' | 'now'>,
): Promise<Credit> =>
  call(db, 'add_hourly_balance', [
    input.paymentId,
    input.orderId,
    input.amountPaise,
    input.currency,
    input.source,
    ...mutationArgs(input),
  ]);

/** Marks the last attempt to pay an order as failed, unless the top-up is already paid. */
export const failTopup = (
  db: Database,
  input: { orderId: string; description: string | null },
): Promise<{ topup: TopupRecord | null }> =>
  call(db, 'fail_hourly_topup', [input.orderId, input.description]);

/** Unpaid top-ups whose next check at the provider is due; each is claimed for `leaseSeconds`. Those older than 3 days are marked expired on their last check. */
export const claimTopupsToReconcile = (
  db: Database,
  input: { limit: number; leaseSeconds: number; all?: boolean },
): Promise<{ topups: TopupRecord[] }> =>
  call(db, 'claim_hourly_topups_to_reconcile', [
    input.limit,
    input.leaseSeconds,
    input.all ?? false,
  ]);

/** Records that the provider was asked about an unpaid top-up and had no captured payment; schedules the next check or expires it. */
export const recordTopupUnpaid = (db: Database, input: { topupId: string }): Promise<TopupRecord> =>
  call(db, 'record_hourly_topup_unpaid', [rowId(input.topupId)]);
