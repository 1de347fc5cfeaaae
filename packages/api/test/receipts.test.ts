import { randomUUID } from 'node:crypto';
import type { Page, Session, Topup } from '@hourly/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  browserOf,
  fundedLiveCustomer,
  fundedTestCustomer,
  holderOf,
  newUserId,
  refusal,
} from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const download = (path: string, headers: Record<string, string>) =>
  fetch(`${world.url}/api/hourly-usage${path}`, { headers });

async function expectPdf(response: Response, fileName: RegExp): Promise<void> {
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': expect.stringMatching(/^attachment; filename="[A-Za-z0-9-]+\.pdf"$/),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(/^req_/),
  });
  expect(response.headers.get('content-disposition')).toMatch(fileName);
  const body = Buffer.from(await response.arrayBuffer());
  expect(body.byteLength).toBe(Number(response.headers.get('content-length')));
  expect([body.toString('latin1', 0, 5), body.toString('latin1').trimEnd().slice(-5)]).toEqual([
    '%PDF-',
    '%%EOF',
  ]);
}

const newestTopup = async (customer: ReturnType<typeof browserOf>): Promise<string> => {
  const { body } = await customer.get<Page<Topup>>('/topups');
  return body.items[0]?.id ?? '';
};

describe('the receipt of a top-up', () => {
  test('is a PDF with its number in its name', async () => {
    const customer = await fundedLiveCustomer(world);
    const id = await newestTopup(customer);
    const response = await download(`/topups/${id}/receipt`, customer.headers);
    await expectPdf(response, /"hourly-receipt-PR-\d\d-\d\d-\d{6}\.pdf"/);
  });

  test('is opened by a browser, which names the mode in the address, and by keys', async () => {
    const customer = await fundedTestCustomer(world);
    const id = await newestTopup(customer);
    const { cookie = '' } = customer.headers;
    const path = `/topups/${id}/receipt`;
    expect((await download(path, { cookie })).status).toBe(404);
    await expectPdf(await download(`${path}?mode=test`, { cookie }), /"hourly-test-receipt-/);
    const { body } = await customer.post<{ secret: string }>('/keys', { name: 'books' });
    await expectPdf(await download(path, holderOf(world, body.secret).headers), /test-receipt/);
  });

  test('does not exist before it is paid, for others, or without credentials', async () => {
    const customer = browserOf(world, newUserId());
    const { body: unpaid } = await customer.post<Topup>('/topup', { amountCents: 10_000 });
    const answer = await customer.get(`/topups/${unpaid.id}/receipt`);
    expect([answer.status, refusal(answer).reason]).toEqual([404, 'NOT_FOUND']);
    expect(refusal(answer).message).toContain('not paid');
    const paid = await newestTopup(await fundedLiveCustomer(world));
    for (const id of [paid, randomUUID(), 'nothing', '%27']) {
      const asked = await customer.get(`/topups/${id}/receipt`);
      expect([asked.status, refusal(asked).reason], id).toEqual([404, 'NOT_FOUND']);
    }
    expect((await download(`/topups/${paid}/receipt`, {})).status).toBe(401);
  });

  test('answers HEAD without the file, and no other method', async () => {
    const customer = await fundedTestCustomer(world);
    const url = `${world.url}/api/hourly-usage/topups/${await newestTopup(customer)}/receipt`;
    const head = await fetch(url, { method: 'HEAD', headers: customer.headers });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
      200,
      'application/pdf',
      '',
    ]);
    const post = await fetch(url, { method: 'POST', headers: customer.headers });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('the receipt of a session', () => {
  test('is a PDF while it runs and afterwards', async () => {
    const customer = await fundedTestCustomer(world);
    const { body } = await customer.post<Session>('/start');
    const path = `/sessions/${body.id}/receipt`;
    await expectPdf(await download(path, customer.headers), /"hourly-test-usage-[0-9a-f]{8}\.pdf"/);
    await customer.post('/clock', { advanceSeconds: 30 * 3600 });
    await customer.post('/end');
    await expectPdf(await download(path, customer.headers), /test-usage/);
    const stranger = browserOf(world, newUserId(), 'test');
    const asked = await stranger.get(path);
    expect([asked.status, refusal(asked).reason]).toEqual([404, 'NOT_FOUND']);
  });
});
