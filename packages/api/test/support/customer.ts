import type { ErrorBody, Topup } from '@hourly/contract';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter } from '../../src/index.ts';
import { waitFor } from './wait-for.ts';
import type { World } from './world.ts';

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** A customer's browser or server: their credentials on every call. */
export interface Customer {
  headers: Record<string, string>;
  get<Body = Record<string, unknown>>(
    path: string,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  post<Body = Record<string, unknown>>(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>;
  remove<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>>;
  trpc: ReturnType<typeof createTRPCClient<AppRouter>>;
}

let customers = 0;
export const newUserId = (): string => `user_${++customers}`;

export const browserOf = (world: World, userId: string, mode?: 'live' | 'test'): Customer =>
  customerOf(world, { cookie: `user=${userId}`, ...(mode && { 'hourly-mode': mode }) });

export const holderOf = (world: World, secret: string): Customer =>
  customerOf(world, { authorization: `Bearer ${secret}` });

/** A new customer in test mode, whose clock the test moves. */
export const testCustomer = (world: World): Customer => browserOf(world, newUserId(), 'test');

/** A new customer in test mode with a balance. */
export async function fundedTestCustomer(world: World, cents = 10_000): Promise<Customer> {
  const customer = testCustomer(world);
  const { status } = await customer.post('/topup', { amountCents: cents });
  if (status !== 200) throw new Error(`the top-up answered ${status}`);
  return customer;
}

/** A new customer in live mode, whose top-up was paid and announced. */
export async function fundedLiveCustomer(world: World, cents = 10_000): Promise<Customer> {
  const customer = browserOf(world, newUserId());
  const { body } = await customer.post<Topup>('/topup', { amountCents: cents });
  await pay(world, body.checkout?.orderId ?? '');
  await waitFor(async () => {
    const { body: now } = await customer.get<Topup>(`/topups/${body.id}`);
    return now.status === 'paid' ? now : null;
  });
  return customer;
}

export interface CheckoutSuccess {
  razorpay_order_id: string;
  razorpay_payment_id: string;
  razorpay_signature: string;
}

/** The payer pays at the stand-in; its answer is what the checkout hands to the page. */
export async function pay(
  world: World,
  orderId: string,
  body: object = {},
): Promise<CheckoutSuccess> {
  return (await lever(world, `/orders/${orderId}/pay`, body)) as CheckoutSuccess;
}

/** Pulls a lever of the stand-ins. */
export async function lever(world: World, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${world.sandbox.url}/_sandbox${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The body of a refusal. */
export const refusal = (answer: Answer<unknown>): ErrorBody & Record<string, unknown> =>
  answer.body as ErrorBody;

function customerOf(world: World, credentials: Record<string, string>): Customer {
  const call = async <Body>(path: string, init: RequestInit): Promise<Answer<Body>> => {
    const response = await fetch(`${world.url}/api/hourly-usage${path}`, init);
    const body = (await response.json()) as Body;
    return { status: response.status, headers: response.headers, body };
  };
  return {
    headers: credentials,
    get: (path, headers) => call(path, { headers: { ...credentials, ...headers } }),
    post: (path, body, headers) =>
      call(path, {
        method: 'POST',
        headers: {
          ...credentials,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    remove: (path) => call(path, { method: 'DELETE', headers: credentials }),
    trpc: createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${world.url}/api/trpc`, headers: credentials })],
    }),
  };
}
