import { Hourly, HourlyError, InsufficientBalanceError } from '@hourly/sdk';
import { expect, signIn, test } from './support/hourly-test.ts';
import { runCli } from './support/product.ts';

test('makes a key, uses it from a server, and takes it back', async ({ page, baseURL }) => {
  await signIn(page, 'demo_hobbyist');
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByTestId('create-key').click();
  await page.getByTestId('key-name').fill('A server of ours');
  await page.getByTestId('confirm-create-key').click();
  const secret = (await page.getByTestId('key-secret').textContent()) ?? '';
  expect(secret).toMatch(/^hk_live_/);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('api-keys')).toContainText('A server of ours');
  await expect(page.getByTestId('api-keys')).not.toContainText(secret);

  const ask = () =>
    fetch(`${baseURL}/api/hourly-usage/topup`, {
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(10_000),
    });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ mode: 'live', currency: 'USD' });

  await page.getByTestId('revoke-key').click();
  await page.getByTestId('confirm-revoke').click();
  await expect(page.getByTestId('api-keys')).toContainText('Revoked');
  const refused = await ask();
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ reason: 'UNAUTHENTICATED' });
});

test('serves the SDK with a key that the operator made', async ({ baseURL }) => {
  const dataDir = process.env.HOURLY_E2E_DATA_DIR ?? '';
  const made = await runCli(dataDir, ['keys', 'create', '--user', 'a developer', '--mode', 'test']);
  const apiKey = made.trim();
  expect(apiKey).toMatch(/^hk_test_\S+$/);
  const hourly = new Hourly({ apiKey, baseUrl: baseURL });

  const tooSoon = await hourly.sessions.start().catch((error: unknown) => error);
  expect(tooSoon).toBeInstanceOf(InsufficientBalanceError);
  expect(tooSoon).toMatchObject({ balanceCents: 0, requiredCents: 1_500, status: 402 });

  const topup = await hourly.topups.create({ amountCents: 10_000 });
  expect(topup).toMatchObject({ status: 'paid', amountInrPaise: 830_000, checkout: null });
  const session = await hourly.sessions.start({ maxHours: 3 });
  const picture = await hourly.generate({ prompt: 'a lighthouse at dusk' });
  expect(picture).toMatchObject({ status: 'completed', sessionId: session.id });
  const { body, contentType } = await hourly.generations.download(picture.id);
  expect(contentType).toBe('image/png');
  expect(body.byteLength).toBeGreaterThan(100);
  await hourly.testClock.advance({ advanceSeconds: 9_000 });
  await hourly.sessions.pause();
  const again = await hourly.sessions.start().catch((error: unknown) => error);
  expect(HourlyError.is(again) && again.reason).toBe('SESSION_ALREADY_OPEN');
  await hourly.sessions.resume();
  const ended = await hourly.sessions.end();
  expect(ended).toMatchObject({ id: session.id, hoursCharged: 3, costCents: 4_500 });

  const entries = [];
  for await (const entry of hourly.transactions.list({ limit: 2 })) entries.push(entry);
  expect(entries.map(({ amountCents }) => amountCents)).toEqual([-1_500, -1_500, -1_500, 10_000]);
  const balance = await hourly.balance();
  expect(balance).toMatchObject({ balanceCents: 5_500, commitment: { hoursUsed: 3 } });
});
