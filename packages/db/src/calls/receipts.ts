import type { Mode, SessionDetail, Topup } from '@hourly/contract';
import type { Database } from '../connect.ts';
import { call } from './call.ts';
import { rowId } from './ids.ts';

/** Who sells, as configured. */
export interface Seller {
  name: string;
  /** Lines are separated by line breaks. */
  address: string;
  /** Null without GST: receipts are plain ones then. */
  tax: {
    gstin: string;
    /** 1800 = 18 %. */
    basisPoints: number;
    sacCode: string;
    /** The code of the state in which customers are supplied. */
    placeOfSupply: string;
  } | null;
}

/** The parts of an amount that includes tax; they add up to it exactly. */
export interface IncludedTax {
  taxablePaise: number;
  cgstPaise: number;
  sgstPaise: number;
  igstPaise: number;
}

/** A paid top-up with everything that its receipt shows. */
export interface TopupReceiptRecord
  extends Pick<Topup, 'status' | 'amountCents' | 'amountInrPaise' | 'inrPerUsd' | 'refundedCents'> {
  mode: Mode;
  userId: string;
  topupId: string;
  /** As configured when it was paid; in test mode as configured now. Null: nobody was. */
  seller: Seller | null;
  /** Null in test mode. */
  number: string | null;
  issuedAt: string;
  tax: IncludedTax | null;
  orderId: string | null;
  paymentId: string | null;
  /** Oldest first; without those that failed. */
  refunds: {
    status: 'pending' | 'processed';
    /** Of its payout; of its request while that is pending. */
    at: string;
    amountCents: number;
    amountPaise: number;
    /** Null until it is paid out, and in test mode. */
    number: string | null;
    tax: IncludedTax | null;
  }[];
  disputes: {
    status: 'open' | 'won' | 'lost' | 'closed';
    at: string;
    amountCents: number;
    amountPaise: number;
  }[];
}

/** A session, settled, with whose it is and who sells. */
export interface SessionReceiptRecord {
  mode: Mode;
  userId: string;
  seller: Seller | null;
  session: SessionDetail;
}

/** Stores who sells from now on: receipts of what is paid afterwards carry it. Null: nobody is configured. */
export const setSeller = (
  db: Database,
  seller: Seller | null,
): Promise<{ seller: Seller | null }> =>
  call(db, 'set_hourly_seller', [
    seller?.name ?? null,
    seller?.address ?? null,
    seller?.tax?.gstin ?? null,
    seller?.tax?.basisPoints ?? null,
    seller?.tax?.sacCode ?? null,
    seller?.tax?.placeOfSupply ?? null,
  ]);

/** NOT_FOUND as long as the top-up is not paid. */
export const getTopupReceipt = (
  db: Database,
  input: { accountId: string; id: string },
): Promise<TopupReceiptRecord> =>
  call(db, 'get_hourly_topup_receipt', [input.accountId, rowId(input.id)]);

export const getSessionReceipt = (
  db: Database,
  input: { accountId: string; id: string },
): Promise<SessionReceiptRecord> =>
  call(db, 'get_hourly_session_receipt', [input.accountId, rowId(input.id)]);

/**
 * The rupees that entries between two numbers moved, by entry number; signed, paise. Entries that moved none, such as
 * hours, are not in it.
 */
export const getEntryPaise = (
  db: Database,
  input: { accountId: string; firstNo: number; lastNo: number },
): Promise<Record<string, number>> =>
  call(db, 'get_hourly_entry_paise', [input.accountId, input.firstNo, input.lastNo]);
