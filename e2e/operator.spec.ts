import { expect, rest, signIn, test } from './support/hourly-test.ts';

test('shows an operator a payment that waits, and replays an event', async ({
  page,
  otherBrowser,
  standIns,
}) => {
  const customer = await otherBrowser();
  await signIn(customer, 'demo_agency');
  const made = await rest<{ checkout: { orderId: string } }>(customer, '/topup', {
    amountCents: 10_000,
  });
  const { orderId } = made.checkout;
  await standIns.pay(orderId);
  await standIns.pay(orderId, { again: true });

  await signIn(page, 'demo_operator');
  await page.getByRole('link', { name: 'Operator' }).click();
  const waiting = page.getByRole('region', { name: 'Payments that wait' }).first();
  await expect(waiting).toContainText(orderId);
  await expect(waiting).toContainText('second payment of a paid order');

  const events = page.getByRole('region', { name: 'Webhook events' }).first();
  const captured = events.getByRole('row').filter({ hasText: 'payment.captured' }).first();
  await captured.getByRole('button').click();
  await expect(captured).toContainText('Replayed');
  await page.getByRole('link', { name: 'Only unprocessed' }).click();
  await expect(events).toContainText('Every event is processed.');
});

test('does not exist for anybody else', async ({ page, troubles, request }) => {
  troubles.expectStatus(404, /^\/operator$/);
  expect((await request.get('/operator')).status()).toBe(404);
  await signIn(page, 'demo_hobbyist');
  await expect(page.getByRole('link', { name: 'Operator' })).toHaveCount(0);
  await page.goto('/operator');
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});
