import { explainSession } from '@hourly/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hourly, HourlyError, InsufficientBalanceError, InvalidInputError } from '../src/index.ts';
import { type HourlyServer, startHourlyServer } from './hourly-server.ts';
import { errorOfCall } from './wire-server.ts';

let server: HourlyServer;
let customers = 0;

beforeAll(async () => {
  server = await startHourlyServer();
});

afterAll(() => server?.stop());

/** A new customer's client. */
async function newCustomer(mode: 'live' | 'test' = 'test'): Promise<Hourly> {
  customers += 1;
  const apiKey = await server.createApiKey(`user_${customers}`, mode);
  return new Hourly({ apiKey, baseUrl: server.url });
}

async function fundedCustomer(amountCents = 10_000): Promise<Hourly> {
  const hourly = await newCustomer();
  await hourly.topups.create({ amountCents });
  return hourly;
}

describe('the main job', () => {
  it('goes from the top-up to the explained bill', async () => {
    const hourly = await newCustomer();
    expect(await hourly.balance()).toMatchObject({ balanceCents: 0, mode: 'test', frozen: false });

    const topup = await hourly.topups.create({ amountCents: 10_000 });
    expect(topup).toMatchObject({ status: 'paid', amountInrPaise: 830_000, checkout: null });
    expect(await hourly.topups.get(topup.id)).toEqual(topup);

    const started = await hourly.sessions.start({ maxHours: 5 });
    expect(started).toMatchObject({ status: 'active', costCents: 1_500, maxHours: 5 });

    const generation = await hourly.generate({ prompt: 'a lighthouse', params: { seed: 7 } });
    expect(generation).toMatchObject({ status: 'completed', params: { seed: 7 }, error: null });
    expect(await hourly.generations.wait(generation.id)).toEqual(generation);
    const picture = await hourly.generations.download(generation.id);
    expect(picture.contentType).toBe('image/png');
    expect(Buffer.from(picture.body).subarray(1, 4).toString()).toBe('PNG');

    await hourly.testClock.advance({ advanceSeconds: 5_400 });
    expect(await hourly.sessions.pause()).toMatchObject({ status: 'paused', hoursCharged: 2 });
    const { now } = await hourly.testClock.advance({ advanceSeconds: 18_000 });
    const resumed = await hourly.sessions.resume({ sessionId: started.id });
    expect(resumed).toMatchObject({ status: 'active', hoursCharged: 2, activeSeconds: 5_400 });
    expect((await hourly.sessions.current())?.id).toBe(started.id);
    expect(await hourly.status()).toMatchObject({ session: { id: started.id }, serverTime: now });

    await hourly.sessions.toggle({ to: 'paused' });
    expect(await hourly.sessions.end()).toMatchObject({ status: 'ended', endReason: 'user' });
    expect(await hourly.sessions.current()).toBeNull();

    const bill = await hourly.sessions.get(started.id);
    expect(bill).toMatchObject({ hoursCharged: 2, costCents: 3_000, generationCount: 1 });
    expect(bill.charges.map(({ trigger }) => trigger)).toEqual(['start', 'call']);
    expect(bill.segments).toHaveLength(2);
    const words = await hourly.sessions.explain(started.id);
    expect(words).toBe(explainSession(bill));
    expect(words).toContain('Total: 2 hours x $15 = $30 for 1:30:00 h of active time.');
    expect((await hourly.balance()).balanceCents).toBe(7_000);
    const { days } = await hourly.usage({ tz: 'Asia/Kolkata' });
    expect(days.reduce((sum, { costCents }) => sum + costCents, 0)).toBe(3_000);
  });

  it('is listed page by page', async () => {
    const hourly = await fundedCustomer();
    await hourly.topups.create({ amountCents: 20_000 });
    for (let round = 0; round < 3; round += 1) {
      await hourly.sessions.start();
      await hourly.generate({ prompt: `number ${round}` });
      await hourly.sessions.end();
    }
    const entries: number[] = [];
    for await (const { entryNo } of hourly.transactions.list({ limit: 2 })) entries.push(entryNo);
    expect(entries).toEqual([5, 4, 3, 2, 1]);
    const prompts: string[] = [];
    for await (const { prompt } of hourly.generations.list({ limit: 1 })) prompts.push(prompt);
    expect(prompts).toEqual(['number 2', 'number 1', 'number 0']);
    const first = await hourly.sessions.list({ limit: 2 }).page();
    expect(first.items).toHaveLength(2);
    const second = await hourly.sessions.list({ limit: 2, cursor: first.nextCursor }).page();
    expect(second).toMatchObject({ items: [{ status: 'ended' }], nextCursor: null });
    expect((await hourly.topups.list().page()).items.map((topup) => topup.amountCents)).toEqual([
      20_000, 10_000,
    ]);
  });

  it('happens once for one idempotency key', async () => {
    const hourly = await fundedCustomer();
    const again = { idempotencyKey: 'the session of order 42' };
    const [one, other] = await Promise.all([
      hourly.sessions.start({}, again),
      hourly.sessions.start({}, again),
    ]);
    expect(other.id).toBe(one.id);
    expect((await hourly.balance()).balanceCents).toBe(8_500);
    expect(await errorOfCall(hourly.sessions.start({ maxHours: 2 }, again))).toMatchObject({
      reason: 'IDEMPOTENCY_KEY_REUSED',
      status: 422,
    });
  });

  it('survives answers that are lost', async () => {
    const apiKey = await server.createApiKey('user_unlucky', 'test');
    let lost = 0;
    const unlucky = new Hourly({
      apiKey,
      baseUrl: server.url,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (init?.method !== 'POST' || lost % 2 === 1) {
          lost += 1;
          return response;
        }
        lost += 1;
        throw new TypeError('the answer was lost');
      },
    });
    await unlucky.topups.create({ amountCents: 10_000 });
    const session = await unlucky.sessions.start();
    await unlucky.generate({ prompt: 'once' });
    await unlucky.testClock.advance({ advanceSeconds: 3_601 });
    const ended = await unlucky.sessions.end();
    expect(ended).toMatchObject({ id: session.id, hoursCharged: 2, generationCount: 1 });
    expect((await unlucky.balance()).balanceCents).toBe(7_000);
  });

  it('is paid and generated by the outside world in live mode', async () => {
    const hourly = await newCustomer('live');
    const topup = await hourly.topups.create({ amountCents: 10_000 });
    expect(topup).toMatchObject({ status: 'created', checkout: { currency: 'INR' } });
    await server.pay(topup.checkout?.orderId ?? '');
    await expect
      .poll(async () => (await hourly.topups.get(topup.id)).status, { timeout: 10_000 })
      .toBe('paid');
    await hourly.sessions.start();
    const generation = await hourly.generate({ prompt: 'a lighthouse', waitSeconds: 20 });
    expect(generation.status).toBe('completed');
    const picture = await hourly.generations.download(generation.id);
    expect(picture.contentType).toMatch(/^image\//);
    const later = await hourly.generate({ prompt: 'never mind', waitSeconds: 0 });
    expect(await hourly.generations.cancel(later.id)).toMatchObject({ status: 'cancelled' });
    expect(await errorOfCall(hourly.testClock.advance({ advanceSeconds: 60 }))).toMatchObject({
      reason: 'TEST_MODE_ONLY',
      status: 403,
    });
    await hourly.sessions.end();
  });
});

describe('refusals', () => {
  it('say what the balance lacks', async () => {
    const hourly = await newCustomer();
    const error = await errorOfCall(hourly.sessions.start());
    expect(error).toBeInstanceOf(InsufficientBalanceError);
    expect(error).toMatchObject({
      status: 402,
      balanceCents: 0,
      requiredCents: 1_500,
      retryable: false,
      requestId: expect.stringMatching(/^req_/),
    });
  });

  it('name the field that is wrong', async () => {
    const hourly = await fundedCustomer();
    const error = await errorOfCall(hourly.sessions.start({ maxHours: 0 }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ issues: [{ path: ['maxHours'] }] });
  });

  it('are told apart by their reason', async () => {
    const hourly = await fundedCustomer();
    const reasonOf = async (call: Promise<unknown>) => {
      const error = await errorOfCall(call);
      return HourlyError.is(error) ? error.reason : error;
    };
    expect(await reasonOf(hourly.sessions.pause())).toBe('NO_OPEN_SESSION');
    expect(await reasonOf(hourly.sessions.get('999999'))).toBe('NOT_FOUND');
    expect(await reasonOf(hourly.topups.create({ amountCents: 1 }))).toBe('AMOUNT_BELOW_MINIMUM');
    await hourly.sessions.start();
    expect(await reasonOf(hourly.sessions.start())).toBe('SESSION_ALREADY_OPEN');
    await hourly.sessions.pause();
    expect(await reasonOf(hourly.generate({ prompt: 'x' }))).toBe('SESSION_PAUSED');
    const { id } = await hourly.sessions.end();
    expect(await reasonOf(hourly.sessions.resume({ sessionId: id }))).toBe('SESSION_ENDED');
    const stranger = new Hourly({ apiKey: 'hk_test_stranger', baseUrl: server.url });
    expect(await reasonOf(stranger.balance())).toBe('UNAUTHENTICATED');
  });

  it('of a generation are answers', async () => {
    const hourly = await fundedCustomer();
    await hourly.sessions.start();
    expect(await hourly.generate({ prompt: 'a [fail]' })).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'TEST_FAILURE' },
    });
  });
});
