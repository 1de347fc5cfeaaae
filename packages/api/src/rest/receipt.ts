import { type ReceiptDocument, Refusal } from '@hourly/contract';
import {
  type ReceiptRequest,
  readSessionReceipt,
  readTopupReceipt,
  renderReceiptPdf,
  type ServiceContext,
} from '@hourly/services';
import type { RestCall, Route } from './route.ts';

type Read = (services: ServiceContext, request: ReceiptRequest) => Promise<ReceiptDocument>;

/** Receipts as PDFs, to their owner. What they say may change, by a refund or a session that goes on. */
export const receiptRoutes: readonly Route[] = [
  receiptRoute('/topups/{id}/receipt', readTopupReceipt),
  receiptRoute('/sessions/{id}/receipt', readSessionReceipt),
];

function receiptRoute(template: string, read: Read): Route {
  return {
    method: 'GET',
    template,
    isDownload: true,
    answer: (call) => answerReceipt(call, read),
  };
}

async function answerReceipt({ params, context }: RestCall, read: Read): Promise<Response> {
  const { caller } = context;
  if (caller === null) throw new Refusal('UNAUTHENTICATED');
  const document = await read(context.services, {
    accountId: caller.accountId,
    id: params.id ?? '',
    customerName: caller.kind === 'browser' ? caller.name : null,
  });
  const pdf = await renderReceiptPdf(document);
  return new Response(new Uint8Array(pdf), {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(pdf.byteLength),
      'content-disposition': `attachment; filename="${document.fileName}.pdf"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': context.requestId,
    },
  });
}
