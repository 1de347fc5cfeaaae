export type WebhookMode = 'send' | 'drop' | 'duplicate' | 'late';

/** What Razorpay's checkout hands to the page after a payment. */
export type PaidOrder = {
  razorpay_order_id: string;
  razorpay_payment_id: string;
  razorpay_signature: string;
};

/** A webhook as the stand-in has (or hasn't) delivered it. */
export type Delivery = { id: string; event: string; orderId: string | null; status: string };

/** The levers of the stand-ins that run beside the product on `port`. */
export type StandIns = {
  /** Pays an order, as the payer's bank does, whatever the browser is doing; `again` although it is paid. */
  pay(orderId: string, options?: { webhook?: WebhookMode; again?: boolean }): Promise<PaidOrder>;
  /** Webhooks wait from now on, as when Razorpay can't reach the product. */
  holdWebhooks(): Promise<void>;
  /** Webhooks are sent again, the waiting ones first. */
  sendWebhooks(): Promise<void>;
  /** The deliveries about one order, newest first. */
  deliveries(orderId: string): Promise<Delivery[]>;
};

const CALL_LIMIT_MS = 10_000;

export function standInsOf(port: number): StandIns {
  const origin = `http://127.0.0.1:${port + 1}`;
  const post = (path: string, body: object) => call(`${origin}/_sandbox${path}`, body);
  const target = `http://127.0.0.1:${port}/api/webhooks/razorpay-hourly`;
  return {
    pay: async (orderId, options = {}) =>
      (await post(`/orders/${orderId}/pay`, options)) as PaidOrder,
    holdWebhooks: async () => void (await post('/webhooks/url', { url: null })),
    sendWebhooks: async () => void (await post('/webhooks/url', { url: target })),
    deliveries: async (orderId) => {
      const answer = await call(`${origin}/_sandbox/webhooks?orderId=${orderId}`);
      return (answer as { items: Delivery[] }).items;
    },
  };
}

async function call(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
    signal: AbortSignal.timeout(CALL_LIMIT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
