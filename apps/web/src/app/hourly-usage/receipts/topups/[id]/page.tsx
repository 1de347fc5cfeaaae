import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ReceiptPage } from '../../../../../components/receipts/receipt-page.tsx';
import { findReceipt } from '../../../../../server/find-receipt.ts';

export const metadata: Metadata = { title: 'Receipt' };

export default async function TopupReceiptPage({ params }: { params: Promise<{ id: string }> }) {
  const receipt = await findReceipt('topups', (await params).id);
  if (receipt === null) notFound();
  return <ReceiptPage {...receipt} />;
}
