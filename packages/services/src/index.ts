export { createServiceContext, type ServiceSettings } from './create-service-context.ts';
export type { GenerationGateway, JobState } from './gateways/generation-gateway.ts';
export type {
  PaymentGateway,
  ProviderDispute,
  ProviderPayment,
  ProviderRefund,
} from './gateways/payment-gateway.ts';
export { createRazorpayGateway, type RazorpayGatewayOptions } from './gateways/razorpay.ts';
export { createRunpodGateway, type RunpodGatewayOptions } from './gateways/runpod.ts';
export { cancelGeneration } from './generations/cancel.ts';
export { type FinishedGenerations, finishGenerations } from './generations/finish.ts';
export { readOutput } from './generations/read-output.ts';
export { type GenerateInput, generate } from './generations/submit.ts';
export { authenticateKey } from './keys/authenticate.ts';
export { createKey } from './keys/create.ts';
export type { Log } from './log.ts';
export { type BookComparison, compareBooks } from './payments/compare-books.ts';
export { type KeptPayment, listKeptPayments } from './payments/list-kept.ts';
export { type ReceiptRequest, readSessionReceipt, readTopupReceipt } from './receipts/read.ts';
export { renderReceiptPdf } from './receipts/render-pdf.ts';
export { checkPendingRefunds } from './refunds/check-pending.ts';
export { sendRefund } from './refunds/send.ts';
export type { ServiceContext } from './service-context.ts';
export { confirmTopup } from './topups/confirm.ts';
export { createTopup } from './topups/create.ts';
export { presentTopup } from './topups/present-topup.ts';
export { type Reconciliation, reconcileTopups } from './topups/reconcile.ts';
export { replayWebhookEvent } from './webhooks/attempt.ts';
export { listWebhookEvents, type StoredWebhookEvent } from './webhooks/list.ts';
export { receiveWebhook } from './webhooks/receive.ts';
export { retryWebhookEvent } from './webhooks/retry.ts';
