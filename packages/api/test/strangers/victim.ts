import type { ApiKey, CreatedApiKey, Generation, Mode, Session, Topup } from '@hourly/contract';
import { browserOf, type CheckoutSuccess, type Customer, pay } from '../support/customer.ts';
import { waitFor } from '../support/wait-for.ts';
import type { World } from '../support/world.ts';

/** What must not be found where it does not belong. */
export interface Plants {
  strings: readonly string[];
  amounts: readonly number[];
}

export const noPlants: Plants = { strings: [], amounts: [] };

/** A customer with everything that a customer can have in one mode, and nothing in the other. */
export interface Victim extends Plants {
  mode: Mode;
  userId: string;
  accountId: string;
  browser: Customer;
  /** A key of the account that has everything, and one of the same customer's other account. */
  secret: string;
  otherModeSecret: string;
  sessionId: string;
  topupId: string;
  generationId: string;
  keyId: string;
  /** A payment that was made and not yet reported; made up in test mode, where nothing is paid. */
  payment: CheckoutSuccess;
  idempotencyKey: string;
  /** Plants that the victim's own answers show; the others nobody is shown. */
  visible: Plants;
}

const topupCents = { live: 987_600, test: 876_500 } as const;
const unpaidCents = { live: 765_400, test: 654_301 } as const;

export async function createVictim(world: World, mode: Mode): Promise<Victim> {
  const userId = `victim_of_${mode}_Zq7`;
  const browser = browserOf(world, userId, mode);
  const otherMode = browserOf(world, userId, mode === 'live' ? 'test' : 'live');
  const idempotencyKey = `planted-request-${mode}`;
  const post = async <Body>(path: string, body: object, key: string): Promise<Body> => {
    const headers = { 'idempotency-key': `${idempotencyKey}-${key}` };
    const answer = await browser.post<Body>(path, body, headers);
    if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const topup = await post<Topup>('/topup', { amountCents: topupCents[mode] }, 'topup');
  if (mode === 'live') await paid(world, browser, topup);
  const session = await post<Session>('/start', { maxHours: 777, autoPauseMinutes: 1437 }, 'start');
  const prompt = `planted prompt of ${mode}`;
  const negativePrompt = `planted negative of ${mode}`;
  const generation = await post<Generation>(
    '/generate',
    { prompt, params: { negativePrompt, seed: 4_000_000_777 }, waitSeconds: 10 },
    'generate',
  );
  if (generation.status !== 'completed') throw new Error(`the picture is ${generation.status}`);
  const name = `planted name of ${mode}`;
  const { secret, ...key } = await post<CreatedApiKey>('/keys', { name }, 'key');
  const otherModeKey = await otherMode.post<CreatedApiKey>('/keys', { name: 'other mode' });
  const unpaid = await post<Topup>('/topup', { amountCents: unpaidCents[mode] }, 'unpaid');
  const payment =
    mode === 'live'
      ? await pay(world, unpaid.checkout?.orderId ?? '', { webhook: 'drop' })
      : madeUp;

  const shown = [session.id, topup.id, unpaid.id, generation.id, key.id, key.prefix];
  const visible: Plants = {
    strings: [...shown, prompt, negativePrompt, name],
    amounts: [topupCents[mode], topupCents[mode] - 1500, topupCents[mode] * 83, 777, 1437],
  };
  return {
    mode,
    userId,
    accountId: await accountOf(world, userId, mode),
    browser,
    secret: secret ?? '',
    otherModeSecret: otherModeKey.body.secret ?? '',
    sessionId: session.id,
    topupId: topup.id,
    generationId: generation.id,
    keyId: key.id,
    payment,
    idempotencyKey,
    visible,
    strings: [
      ...visible.strings,
      userId,
      secret ?? '',
      idempotencyKey,
      ...(mode === 'live' ? [payment.razorpay_payment_id, payment.razorpay_order_id] : []),
    ],
    amounts: [...visible.amounts, unpaidCents[mode]],
  };
}

const madeUp: CheckoutSuccess = {
  razorpay_order_id: 'order_madeup',
  razorpay_payment_id: 'pay_madeup',
  razorpay_signature: '0'.repeat(64),
};

async function paid(world: World, browser: Customer, topup: Topup): Promise<void> {
  await pay(world, topup.checkout?.orderId ?? '');
  await waitFor(async () => {
    const { body } = await browser.get<Topup>(`/topups/${topup.id}`);
    return body.status === 'paid' ? body : null;
  });
}

export async function accountOf(world: World, userId: string, mode: Mode): Promise<string> {
  const { rows } = await world.db.owner.query<{ id: string }>(
    'select id::text from hourly_account_balance where user_id = $1 and mode = $2',
    [userId, mode],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`${userId} has no account`);
  return id;
}

/** A new key of a customer's account, and the row that keeps it. */
export async function newKey(customer: Customer): Promise<ApiKey & { secret: string }> {
  const { body } = await customer.post<CreatedApiKey>('/keys', { name: 'a key' });
  return { ...body, secret: body.secret ?? '' };
}
