import type { Mode } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call, type Mutation, mutationArgs } from './call.ts';
import { rowId } from './ids.ts';

/** A refund as the database knows it. Without account and top-up it is of a payment that was never credited. */
export interface RefundRecord {
  id: string;
  accountId: string | null;
  mode: Mode | null;
  topupId: string | null;
  /** The provider's payment; null in test mode. */
  paymentId: string | null;
  /** What it takes from the balance. */
  amountCents: number;
  /** What the provider pays out. */
  amountPaise: number;
  status: 'pending' | 'processed' | 'failed';
  source: 'operator' | 'provider';
  providerRefundId: string | null;
  createdAt: string;
  settledAt: string | null;
}

/**
 * Refunds a paid top-up, whole or in part: the ledger is debited here and now, the provider is told afterwards. In test
 * mode it is processed at once.
 * Refuses with AMOUNT_ABOVE_MAXIMUM `{maximumCents}` above what the account and the top-up allow, AMOUNT_BELOW_MINIMUM
 * `{minimumCents}` below what the provider pays out, INVALID_INPUT for a top-up that is not paid.
 */
export const createRefund = (
  db: Database,
  input: Omit<Mutation, 'accountId'> & { topupId: string; amountCents: number },
): Promise<RefundRecord> =>
  call(db, 'create_hourly_refund', [
    rowId(input.topupId),
    input.amountCents,
    ...mutationArgs(input),
  ]);

/** Gives back what is left of a payment that was kept and never credited, once. INVALID_INPUT for any other payment. */
export const refundKeptPayment = (
  db: Database,
  input: { paymentId: string },
): Promise<RefundRecord> => call(db, 'refund_hourly_kept_payment', [input.paymentId]);

/** The provider refused a refund that it has no record of: what was debited for it comes back. */
export const failRefund = (db: Database, input: { refundId: string }): Promise<RefundRecord> =>
  call(db, 'fail_hourly_refund', [rowId(input.refundId)]);

export const getRefund = (db: Database, input: { refundId: string }): Promise<RefundRecord> =>
  call(db, 'get_hourly_refund', [rowId(input.refundId)]);

/** Refunds that have been pending for so long, oldest first. */
export const listPendingRefunds = (
  db: Database,
  input: { olderThanSeconds: number; limit: number },
): Promise<{ refunds: RefundRecord[] }> =>
  call(db, 'list_hourly_pending_refunds', [input.olderThanSeconds, input.limit]);

/** A refund, as the provider reports it. */
export interface ReportedRefund {
  /** Our own id of it, where the report carries one. */
  refundId?: string | undefined;
  providerRefundId: string;
  paymentId: string;
  amountPaise: number;
  status: RefundRecord['status'];
}

/** `unmatched`: nobody told us of its payment yet. */
export type Recorded = 'recorded' | 'duplicate' | 'unmatched';

/**
 * Settles a refund of ours, or debits one that was made outside, which may take the balance below zero and freeze the
 * account. What failed is credited back. Any number of reports in any order do this once.
 */
export const recordRefund = (
  db: Database,
  input: ReportedRefund & { now?: string | undefined },
): Promise<{ outcome: Recorded; refund: RefundRecord | null }> =>
  call(db, 'record_hourly_refund', [
    input.refundId === undefined ? null : rowId(input.refundId),
    input.providerRefundId,
    input.paymentId,
    input.amountPaise,
    input.status,
    input.now ?? null,
  ]);

export interface DisputeRecord {
  id: string;
  accountId: string | null;
  topupId: string | null;
  paymentId: string;
  amountCents: number;
  amountPaise: number;
  status: 'open' | 'won' | 'lost' | 'closed';
  createdAt: string;
  settledAt: string | null;
}

/**
 * Debits a dispute when it is opened (or first heard of as lost) and credits it back when it is won or closed without a
 * decision, once each. May take the balance below zero and freeze the account.
 */
export const recordDispute = (
  db: Database,
  input: {
    disputeId: string;
    paymentId: string;
    amountPaise: number;
    status: DisputeRecord['status'];
    now?: string | undefined;
  },
): Promise<{ outcome: Recorded; dispute: DisputeRecord | null }> =>
  call(db, 'record_hourly_dispute', [
    input.disputeId,
    input.paymentId,
    input.amountPaise,
    input.status,
    input.now ?? null,
  ]);
