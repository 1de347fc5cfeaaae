import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { KEY_ID, sandbox } from './helpers.ts';

interface Checkout {
  on(event: string, listener: () => void): Checkout;
  close(): void;
}

/** The window itself is clicked through in a browser by the end-to-end tests. */
it('gives pages a constructor `Razorpay` that wants a key', async () => {
  const { url } = await sandbox();
  const script = await (await fetch(`${url}/v1/checkout.js`)).text();
  const window: { Razorpay?: new (options: object) => Checkout } = {};
  runInNewContext(script, { window, URL, document: { currentScript: { src: `${url}/v1/x.js` } } });
  const { Razorpay } = window;
  if (!Razorpay) throw new Error('no constructor');
  const checkout = new Razorpay({ key: KEY_ID, order_id: 'order_1' });
  expect(checkout.on('payment.failed', () => {})).toBe(checkout);
  checkout.close();
  expect(() => new Razorpay({})).toThrow('key');
});
