import type { ReceiptDocument } from '@hourly/contract';
import { getSessionReceipt, getTopupReceipt } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';
import { sessionReceipt } from './session-receipt.ts';
import { topupReceipt } from './topup-receipt.ts';

/** Whose receipt is asked for, as far as the asker knows. */
export interface ReceiptRequest {
  accountId: string;
  /** Of the top-up or the session. */
  id: string;
  /** The name or address that the customer signed in with; null when it is not known. */
  customerName: string | null;
}

type Context = Pick<ServiceContext, 'db'>;

/** The receipt of a paid top-up. Refuses with NOT_FOUND, also as long as the top-up is not paid. */
export const readTopupReceipt = async (
  { db }: Context,
  request: ReceiptRequest,
): Promise<ReceiptDocument> => topupReceipt(await getTopupReceipt(db, request), request);

/** What a session used and cost, up to now when it is not over. Refuses with NOT_FOUND. */
export const readSessionReceipt = async (
  { db }: Context,
  request: ReceiptRequest,
): Promise<ReceiptDocument> => sessionReceipt(await getSessionReceipt(db, request), request);
