import type { Balance, Clock, Page, Session, SessionDetail, Status, Usage } from '@hourly/contract';
import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserOf, fundedTestCustomer, refusal, testCustomer } from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

describe('sessions over REST', () => {
  it('starts, pauses, resumes and ends, and charges by the started hour', async () => {
    const customer = await fundedTestCustomer(world);
    const started = await customer.post<Session>('/start', { maxHours: 5 });
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({
      status: 'active',
      hoursCharged: 1,
      costCents: 1500,
      maxHours: 5,
    });

    await customer.post<Clock>('/clock', { advanceSeconds: 5400 });
    const paused = await customer.post<Session>('/toggle', { to: 'paused' });
    expect(paused.body).toMatchObject({
      status: 'paused',
      pauseReason: 'user',
      activeSeconds: 5400,
      costCents: 3000,
    });
    const resumed = await customer.post<Session>('/toggle', { to: 'active' });
    expect(resumed.body).toMatchObject({ status: 'active', hoursCharged: 2 });

    const status = await customer.get<Status>('/end');
    expect(status.body.session?.id).toBe(started.body.id);
    expect(status.body.balance.balanceCents).toBe(7000);

    const ended = await customer.post<Session>('/end');
    expect(ended.body).toMatchObject({ status: 'ended', endReason: 'user', costCents: 3000 });
    const again = await customer.post<Session>('/end', { sessionId: started.body.id });
    expect(again.body).toMatchObject({ id: started.body.id, status: 'ended' });

    const detail = await customer.get<SessionDetail>(`/sessions/${started.body.id}`);
    expect(detail.body.charges.map(({ hour, trigger }) => [hour, trigger])).toHaveLength(2);
    expect(detail.body.segments).toHaveLength(2);
    const list = await customer.get<Page<Session>>('/sessions');
    expect(list.body).toMatchObject({ items: [{ id: started.body.id }], nextCursor: null });
    const usage = await customer.get<Usage>('/usage');
    expect(usage.body.days).toHaveLength(30);
    expect(usage.body.days.at(-1)).toMatchObject({ hours: 2, costCents: 3000, generations: 0 });
  });

  it('refuses in its closed words', async () => {
    const poor = testCustomer(world);
    const unpaid = await poor.post('/start');
    expect(unpaid.status).toBe(402);
    expect(unpaid.body).toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
      code: 'PAYMENT_REQUIRED',
      balanceCents: 0,
      requiredCents: 1500,
    });
    expect(refusal(unpaid).requestId).toBe(unpaid.headers.get('x-request-id'));

    const customer = await fundedTestCustomer(world);
    expect(refusal(await customer.post('/toggle')).reason).toBe('NO_OPEN_SESSION');
    expect(refusal(await customer.post('/end')).reason).toBe('NO_OPEN_SESSION');
    const { body } = await customer.post<Session>('/start');
    const second = await customer.post('/start');
    expect([second.status, refusal(second).reason]).toEqual([409, 'SESSION_ALREADY_OPEN']);
    await customer.post('/end');
    const over = await customer.post('/toggle', { sessionId: body.id, to: 'active' });
    expect([over.status, refusal(over).reason]).toEqual([409, 'SESSION_ENDED']);
  });

  it('tells what is wrong with an input, field by field', async () => {
    const customer = testCustomer(world);
    const answer = await customer.post('/start', { maxHours: 0, hourEnd: 'explode', extra: 1 });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ reason: 'INVALID_INPUT', code: 'BAD_REQUEST' });
    const issues = answer.body.issues as { path: string[]; message: string }[];
    expect(issues.map(({ path }) => path[0])).toEqual(
      expect.arrayContaining(['maxHours', 'hourEnd']),
    );
    expect(refusal(await customer.get('/sessions?limit=0')).reason).toBe('INVALID_INPUT');
    expect(refusal(await customer.get('/sessions?cursor=x')).reason).toBe('INVALID_INPUT');
    expect(refusal(await customer.get('/sessions?limit=1&limit=2')).reason).toBe('INVALID_INPUT');
    expect(refusal(await customer.get('/usage?tz=Mars/Olympus')).reason).toBe('INVALID_INPUT');
    expect(refusal(await customer.get('/usage?from=2026-01-01&to=2028-01-01')).reason).toBe(
      'INVALID_INPUT',
    );
  });

  it("keeps one customer's rows from another", async () => {
    const owner = await fundedTestCustomer(world);
    const stranger = await fundedTestCustomer(world);
    const { body } = await owner.post<Session>('/start');
    for (const answer of [
      await stranger.get(`/sessions/${body.id}`),
      await stranger.post('/end', { sessionId: body.id }),
      await stranger.post('/toggle', { sessionId: body.id }),
      await stranger.get('/sessions/not-an-id'),
    ]) {
      expect([answer.status, refusal(answer).reason]).toEqual([404, 'NOT_FOUND']);
    }
    const stillThere = await owner.get<SessionDetail>(`/sessions/${body.id}`);
    expect(stillThere.body.status).toBe('active');
  });

  it('pages lists by cursor', async () => {
    const customer = await fundedTestCustomer(world);
    for (let count = 0; count < 3; count += 1) {
      await customer.post('/start');
      await customer.post('/end');
    }
    const first = await customer.get<Page<Session>>('/sessions?limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await customer.get<Page<Session>>(
      `/sessions?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({ items: [{}], nextCursor: null });
    const ids = [...first.body.items, ...rest.body.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it('advances the clock of test accounts alone', async () => {
    const live = browserOf(world, 'clock_keeper');
    const refused = await live.post('/clock', { advanceSeconds: 60 });
    expect([refused.status, refusal(refused).reason]).toEqual([403, 'TEST_MODE_ONLY']);
    const customer = testCustomer(world);
    const { body: before } = await customer.get<Status>('/end');
    const { body: after } = await customer.post<Clock>('/clock', { advanceSeconds: 0.25 });
    expect(Date.parse(after.now) - Date.parse(before.serverTime)).toBe(250);
    expect((await customer.post('/clock', { advanceSeconds: 0 })).status).toBe(400);
    expect((await customer.post('/clock', { advanceSeconds: 1e-7 })).status).toBe(400);
  });
});

describe('sessions over tRPC', () => {
  it('does the same', async () => {
    const customer = await fundedTestCustomer(world);
    const usage = customer.trpc.hourlyUsage;
    const started = await usage.start.mutate();
    expect((await usage.status.query()).session?.id).toBe(started.id);
    await usage.advanceClock.mutate({ advanceSeconds: 60 });
    expect((await usage.toggle.mutate({ to: 'paused' })).status).toBe('paused');
    expect((await usage.session.query({ id: started.id })).activeSeconds).toBe(60);
    expect((await usage.end.mutate({})).status).toBe('ended');
    expect((await usage.sessions.query()).items).toHaveLength(1);
    expect((await usage.usage.query({ tz: 'Asia/Kolkata' })).days).toHaveLength(30);
    const balance: Balance = await usage.balance.query();
    expect(balance).toMatchObject({ balanceCents: 8500, mode: 'test', frozen: false });
  });

  it('carries reason, request id and data in error.data', async () => {
    const customer = testCustomer(world);
    const error = await customer.trpc.hourlyUsage.start.mutate().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect((error as TRPCClientError<never>).data).toMatchObject({
      reason: 'INSUFFICIENT_BALANCE',
      code: 'PAYMENT_REQUIRED',
      httpStatus: 402,
      balanceCents: 0,
      requiredCents: 1500,
      requestId: expect.stringMatching(/^req_/),
    });
  });
});
