import { type Mode, type ReceiptDocument, Refusal } from '@hourly/contract';
import { ensureAccount } from '@hourly/db';
import { readSessionReceipt, readTopupReceipt } from '@hourly/services';
import { cookies } from 'next/headers';
import { modeCookie } from '../lib/mode-cookie.ts';
import { serviceContext } from './api.ts';
import { currentUser } from './auth/current-user.ts';

const readers = { topups: readTopupReceipt, sessions: readSessionReceipt };
export type ReceiptKind = keyof typeof readers;

export interface FoundReceipt {
  document: ReceiptDocument;
  /** Where the same is a PDF. */
  pdf: string;
}

/**
 * The receipt of a top-up or a session of whoever looks at this page, in either of their accounts, so that a link means
 * the same whichever one the dashboard shows. Null when nobody is signed in, or there is none.
 */
export async function findReceipt(kind: ReceiptKind, id: string): Promise<FoundReceipt | null> {
  const user = await currentUser();
  if (user === null) return null;
  const ctx = serviceContext();
  const { userId, name: customerName } = user;
  for (const mode of await modesInOrder()) {
    const { accountId } = await ensureAccount(ctx.db, { userId, mode });
    try {
      const document = await readers[kind](ctx, { accountId, id, customerName });
      return { document, pdf: `/api/hourly-usage/${kind}/${id}/receipt?mode=${mode}` };
    } catch (error) {
      if (!(error instanceof Refusal && error.reason === 'NOT_FOUND')) throw error;
    }
  }
  return null;
}

async function modesInOrder(): Promise<Mode[]> {
  const shown = (await cookies()).get(modeCookie)?.value;
  return shown === 'test' ? ['test', 'live'] : ['live', 'test'];
}
