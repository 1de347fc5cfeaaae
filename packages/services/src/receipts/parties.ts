import type { ReceiptParty } from '@hourly/contract';
import type { Seller } from '@hourly/db';

/** On receipts of a product whose operator configured nobody. */
const unnamedSeller = 'Hourly';

export function sellerParty(seller: Seller | null): ReceiptParty {
  if (seller === null) return { name: unnamedSeller, lines: [] };
  const address = seller.address.split('\n');
  const gstin = seller.tax === null ? [] : [`GSTIN ${seller.tax.gstin}`];
  return { name: seller.name, lines: [...address, ...gstin] };
}

/** By the name or address that they signed in with, where it is known; API keys know none. */
export const customerParty = (userId: string, name: string | null): ReceiptParty =>
  name === null ? { name: userId, lines: [] } : { name, lines: [`Customer ${userId}`] };

export const testMark = 'TEST – not a receipt';
export const testNote = 'Made in test mode: nothing was paid or sold.';
export const timeNote = 'Times are those of India (IST, UTC+05:30).';
