import { Refusal } from '@hourly/contract';
import Razorpay from 'razorpay';
import type { z } from 'zod';
import { isHmac } from './hmac.ts';
import {
  type ListWindow,
  listPageSize,
  type PaymentGateway,
  ProviderRejection,
} from './payment-gateway.ts';
import {
  disputeEntity,
  disputeListAnswer,
  disputeOf,
  orderAnswer,
  orderListAnswer,
  paymentEntity,
  paymentListAnswer,
  paymentOf,
  refundEntity,
  refundListAnswer,
  refundNote,
  refundOf,
} from './razorpay-answers.ts';

export interface RazorpayGatewayOptions {
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  /** While the secret is changed: events that were created before are still signed with this one. */
  previousWebhookSecret?: string | undefined;
  /** Moves the base URL; default Razorpay's own. */
  apiUrl?: string | undefined;
  /** Bound of one call, connecting and reading included. */
  timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 10_000;
const maximumAnswerBytes = 4_000_000;

/** Customers may finish a payment up to three days after they began it; it is captured all the same. */
const captureWithinMinutes = 3 * 24 * 60;
/** Razorpay's maximum, after which it gives back what was never captured. */
const manualCaptureWithinMinutes = 5 * 24 * 60;

/**
 * Razorpay, through its own SDK.
 * @throws Error when a secret is empty: an empty one would make every signature forgeable.
 */
export function createRazorpayGateway(options: RazorpayGatewayOptions): PaymentGateway {
  for (const name of ['keyId', 'keySecret', 'webhookSecret', 'previousWebhookSecret'] as const) {
    if (options[name] === '') throw new Error(`Razorpay's ${name} is empty`);
  }
  const { keyId, keySecret } = options;
  const webhookSecrets = [options.webhookSecret, options.previousWebhookSecret];
  const razorpay = new Razorpay({ key_id: keyId, key_secret: keySecret });
  configureTransport(razorpay, options);

  return {
    keyId,
    async createOrder({ receipt, amountPaise, notes }) {
      const order = await ask(orderAnswer, () =>
        razorpay.orders.create({
          amount: amountPaise,
          currency: 'INR',
          receipt,
          notes,
          payment: {
            capture: 'automatic',
            capture_options: {
              automatic_expiry_period: captureWithinMinutes,
              manual_expiry_period: manualCaptureWithinMinutes,
              refund_speed: 'normal',
            },
          },
        }),
      );
      return { orderId: order.id };
    },
    async findOrder({ receipt, amountPaise }) {
      const { items } = await ask(orderListAnswer, () => razorpay.orders.all({ receipt }));
      const order = items.find(
        (item) =>
          item.receipt === receipt && item.amount === amountPaise && item.currency === 'INR',
      );
      return order ? { orderId: order.id } : null;
    },
    async fetchPayment(paymentId) {
      const id = encodeURIComponent(paymentId);
      return paymentOf(await ask(paymentEntity, () => razorpay.payments.fetch(id)));
    },
    async listOrderPayments(orderId) {
      const id = encodeURIComponent(orderId);
      const { items } = await ask(paymentListAnswer, () => razorpay.orders.fetchPayments(id));
      return items.map(paymentOf);
    },
    async createRefund({ refundId, paymentId, amountPaise }) {
      const id = encodeURIComponent(paymentId);
      const refund = await ask(refundEntity, () =>
        razorpay.payments.refund(id, {
          amount: amountPaise,
          speed: 'normal',
          receipt: refundId,
          notes: { [refundNote]: refundId },
        }),
      );
      return refundOf(refund);
    },
    async fetchRefund(providerRefundId) {
      const id = encodeURIComponent(providerRefundId);
      return refundOf(await ask(refundEntity, () => razorpay.refunds.fetch(id)));
    },
    async listPaymentRefunds(paymentId) {
      const id = encodeURIComponent(paymentId);
      const { items } = await ask(refundListAnswer, () =>
        razorpay.payments.fetchMultipleRefund(id, { count: listPageSize }),
      );
      return items.map(refundOf);
    },
    async fetchDispute(disputeId) {
      const id = encodeURIComponent(disputeId);
      return disputeOf(await ask(disputeEntity, () => razorpay.disputes.fetch(id)));
    },
    async listPayments(window) {
      const asked = listQuery(window);
      const { items } = await ask(paymentListAnswer, () => razorpay.payments.all(asked));
      return items.map(paymentOf);
    },
    async listRefunds(window) {
      const asked = listQuery(window);
      const { items } = await ask(refundListAnswer, () => razorpay.refunds.all(asked));
      return items.map(refundOf);
    },
    async listDisputes({ from, skip }) {
      // This list knows no window; it begins with the newest, which is why the rest is cut off here.
      const { items } = await ask(disputeListAnswer, () =>
        razorpay.disputes.all({ count: listPageSize, skip }),
      );
      const fromSeconds = Math.floor(from.getTime() / 1000);
      return items.filter((item) => (item.created_at ?? fromSeconds) >= fromSeconds).map(disputeOf);
    },
    // The SDK's own validators compare with === and accept an empty secret.
    isCheckoutSignature: ({ orderId, paymentId, signature }) =>
      isHmac({ secret: keySecret, message: `${orderId}|${paymentId}`, signature }),
    isWebhookSignature: ({ rawBody, signature }) =>
      webhookSecrets.some(
        (secret) => secret !== undefined && isHmac({ secret, message: rawBody, signature }),
      ),
  };
}

const listQuery = ({ from, to, skip }: ListWindow) => ({
  from: Math.floor(from.getTime() / 1000),
  to: Math.floor(to.getTime() / 1000),
  count: listPageSize,
  skip,
});

async function ask<Answer>(
  schema: z.ZodType<Answer>,
  request: () => Promise<unknown>,
): Promise<Answer> {
  try {
    return schema.parse(await request());
  } catch (error) {
    throw new Refusal('PAYMENT_PROVIDER_ERROR', { cause: causeOf(error) });
  }
}

/** The SDK throws plain objects `{statusCode, error}`; logs want an Error. */
function causeOf(error: unknown): Error {
  if (error instanceof Error) return error;
  const text = `Razorpay: ${JSON.stringify(error)?.slice(0, 1000)}`;
  return isRejection(error) ? new ProviderRejection(text) : new Error(text);
}

/** Source: https://razorpay.com/docs/errors */
const isRejection = (error: unknown): boolean =>
  isRecord(error) &&
  error.statusCode === 400 &&
  isRecord(error.error) &&
  error.error.code === 'BAD_REQUEST_ERROR';

/** The part of axios that we set. The SDK keeps its instance at `api.rq`, outside of its types. */
interface Transport {
  defaults: Record<string, unknown>;
  interceptors: {
    request: { use(onRequest: (config: Record<string, unknown>) => Record<string, unknown>): void };
    response: { use(onAnswer: undefined, onError: (error: unknown) => Promise<never>): void };
  };
}

function configureTransport(razorpay: Razorpay, options: RazorpayGatewayOptions): void {
  const transport = (razorpay.api as unknown as { rq: Transport }).rq;
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  Object.assign(transport.defaults, {
    ...(options.apiUrl !== undefined && { baseURL: options.apiUrl.replace(/\/+$/, '') }),
    proxy: false,
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: maximumAnswerBytes,
  });
  // `timeout` alone counts from the last byte; the signal bounds the whole call.
  transport.interceptors.request.use((config) => ({
    ...withRefundKey(config),
    signal: AbortSignal.timeout(timeoutMs),
  }));
  // The SDK reads `response.status` and `response.data.error` of whatever failed, so a failure without an answer, or
  // with one that is no JSON, has to look like one that has them.
  transport.interceptors.response.use(undefined, (error) => {
    const { status, data } = answerOf(error);
    const described = isRecord(data) && isRecord(data.error) ? data.error : null;
    const problem = described ?? { description: String(error).slice(0, 500) };
    return Promise.reject({ response: { status: status ?? 0, data: { error: problem } } });
  });
}

/**
 * Repeated calls for one refund are one refund. The SDK passes no headers on, so that the key is taken from the receipt.
 * Source: https://razorpay.com/docs/api/refunds/create-normal (X-Refund-Idempotency)
 */
function withRefundKey(config: Record<string, unknown>): Record<string, unknown> {
  const { url, data, headers } = config;
  if (typeof url !== 'string' || !url.endsWith('/refund') || !isRecord(data)) return config;
  (headers as { set(name: string, value: unknown): void }).set(
    'X-Refund-Idempotency',
    data.receipt,
  );
  return config;
}

function answerOf(error: unknown): { status?: unknown; data?: unknown } {
  return isRecord(error) && isRecord(error.response) ? error.response : {};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
