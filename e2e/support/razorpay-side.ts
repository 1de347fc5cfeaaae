import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { PaidOrder } from './stand-ins.ts';

const CALL_LIMIT_MS = 10_000;

/** An order as Razorpay's API lists it. */
export type RazorpayOrder = { id: string; receipt: string | null; status: string };

/** How calls of the product to Razorpay go wrong; docs/stand-ins.md tells the modes. */
export type RazorpayFault = {
  mode: 'slow' | 'reset' | 'lose_answer';
  match: string;
  times?: number;
  slowMs?: number;
};

/** What happens at Razorpay, on the installation of this run. */
export type RazorpaySide = {
  /** The orders with a top-up's id as their receipt. */
  ordersOf(topupId: string): Promise<RazorpayOrder[]>;
  setFaults(faults: RazorpayFault[]): Promise<void>;
  /** The next payments in this page's window are authorised at once, and captured by `capture` alone. */
  captureLater(page: Page): Promise<void>;
  capture(paymentId: string): Promise<void>;
};

export function razorpaySideOf(port: number, dataDir: string): RazorpaySide {
  const origin = `http://127.0.0.1:${port + 1}`;
  const { razorpayKeyId: keyId, razorpayKeySecret: keySecret } = readSecrets(dataDir);
  const lever = (lever: string, body: object) => ask(`${origin}/_sandbox${lever}`, body);
  return {
    async ordersOf(topupId) {
      const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
      const url = `${origin}/v1/orders?receipt=${topupId}`;
      const answer = await ask(url, undefined, { authorization });
      return (answer as { items: RazorpayOrder[] }).items;
    },
    setFaults: async (razorpay) => void (await lever('/faults', { razorpay })),
    async captureLater(page) {
      await page.route('**/_checkout/orders/*', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        const orderId = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
        const options = { webhook: 'drop', captureAfterSeconds: null };
        const { id } = (await lever(`/orders/${orderId}/authorize`, options)) as { id: string };
        const paid: PaidOrder = {
          razorpay_order_id: orderId,
          razorpay_payment_id: id,
          razorpay_signature: createHmac('sha256', keySecret)
            .update(`${orderId}|${id}`)
            .digest('hex'),
        };
        await route.fulfill({ json: paid, headers: { 'access-control-allow-origin': '*' } });
      });
    },
    capture: async (paymentId) =>
      void (await lever(`/payments/${paymentId}/capture`, { webhook: 'drop' })),
  };
}

function readSecrets(dataDir: string): { razorpayKeyId: string; razorpayKeySecret: string } {
  return JSON.parse(fs.readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
}

async function ask(url: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    headers: { 'content-type': 'application/json', ...headers },
    signal: AbortSignal.timeout(CALL_LIMIT_MS),
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as unknown;
}
