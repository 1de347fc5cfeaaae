import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReceiptPage } from '../../../../../components/receipts/receipt-page.tsx';
import { findReceipt } from '../../../../../server/find-receipt.ts';

export const metadata: Metadata = { title: 'Usage summary' };

export default async function SessionReceiptPage({ params }: { params: Promise<{ id: string }> }) {
  const receipt = await findReceipt('sessions', (await params).id);
  if (receipt === null) notFound();
  return <ReceiptPage {...receipt} />;
}
