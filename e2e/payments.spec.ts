import type { Page } from '@playwright/test';
import { balanceCents, openPayment, topupsOf } from './support/checkout-page.ts';
import { expect, signIn, test } from './support/hourly-test.ts';

test.beforeEach(async ({ page }) => {
  await signIn(page, 'demo_agency');
});

test('credits a payment by the browser alone when the webhook never comes', async ({
  page,
  standIns,
}) => {
  const before = await balanceCents(page);
  await standIns.holdWebhooks();
  await openPayment(page, 100);
  await page.getByTestId('rzp-pay').click();
  await expect(page.getByTestId('topup-status')).toContainText('$100 added');
  await expect(page.getByTestId('balance-usd')).toHaveText(`$${(before + 10_000) / 100}`);

  await test.step('and the webhook that comes later adds nothing', async () => {
    const orderId = await newestOrder(page);
    await standIns.sendWebhooks();
    await expect.poll(() => undelivered(orderId)).toBe(0);
    expect(await balanceCents(page)).toBe(before + 10_000);
  });

  async function undelivered(orderId: string): Promise<number> {
    const deliveries = await standIns.deliveries(orderId);
    return deliveries.filter(({ status }) => status !== 'delivered').length;
  }
});

test('credits a payment by webhook when the tab was closed on the way', async ({
  page,
  context,
  standIns,
}) => {
  const before = await balanceCents(page);
  await openPayment(page, 100);
  const orderId = await newestOrder(page);
  await page.close();
  await standIns.pay(orderId, { webhook: 'duplicate' });

  const later = await context.newPage();
  await later.goto('/hourly-usage');
  await expect(later.getByTestId('balance-usd')).toHaveText(`$${(before + 10_000) / 100}`);
  await expect(later.getByTestId('unpaid-topup')).toBeHidden();
  await later.getByTestId('tab-topups').click();
  await expect(later.getByTestId('history-topups').getByRole('row').nth(1)).toContainText('Paid');
});

test('takes a payment up again after a reload between paying and confirming', async ({
  page,
  standIns,
}) => {
  const before = await balanceCents(page);
  await standIns.holdWebhooks();
  const confirmation = '**/api/trpc/hourlyUsage.confirmTopup*';
  // The page is gone before the server has heard of the payment.
  await page.route(confirmation, (route) => route.abort('aborted'));
  await openPayment(page, 100);
  await page.getByTestId('rzp-pay').click();
  await expect(page.getByTestId('topup-status')).toContainText('Payment received, confirming');
  await page.unroute(confirmation);
  await page.reload();
  await expect(page.getByTestId('balance-usd')).toHaveText(`$${(before + 10_000) / 100}`);
  await standIns.sendWebhooks();
});

async function newestOrder(page: Page): Promise<string> {
  const [topup] = await topupsOf(page, 100);
  if (!topup?.checkout) throw new Error('there is no order');
  return topup.checkout.orderId;
}
