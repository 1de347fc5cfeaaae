import type { Page } from '@playwright/test';
import { expect, rest, signIn, test } from './support/hourly-test.ts';

type MadeTopup = { id: string; status: string; checkout: { orderId: string } };

test.beforeEach(async ({ page }) => {
  await signIn(page, 'demo_agency');
});

test('credits a payment by the browser alone when the webhook never comes', async ({
  page,
  standIns,
}) => {
  const before = await balanceCents(page);
  await standIns.holdWebhooks();
  await openPayment(page);
  await page.getByTestId('rzp-pay').click();
  await expect(page.getByTestId('topup-status')).toContainText('$100 added');
  await expect(page.getByTestId('balance-usd')).toHaveText(`$${(before + 10_000) / 100}`);

  await test.step('and the webhook that comes later adds nothing', async () => {
    const { checkout } = await newestTopup(page);
    await standIns.sendWebhooks();
    await expect.poll(() => undelivered(checkout.orderId)).toBe(0);
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
  await openPayment(page);
  const { checkout } = await newestTopup(page);
  await page.close();
  await standIns.pay(checkout.orderId, { webhook: 'duplicate' });

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
  await openPayment(page);
  await page.getByTestId('rzp-pay').click();
  await expect(page.getByTestId('topup-status')).toContainText('Payment received, confirming');
  await page.unroute(confirmation);
  await page.reload();
  await expect(page.getByTestId('balance-usd')).toHaveText(`$${(before + 10_000) / 100}`);
  await standIns.sendWebhooks();
});

async function openPayment(page: Page): Promise<void> {
  await page.getByTestId('open-topup').click();
  const dialog = page.getByRole('dialog', { name: 'Top up' });
  await expect(page.getByTestId('pay')).toBeEnabled();
  const commitment = dialog.getByRole('checkbox');
  if (await commitment.isVisible()) await commitment.check();
  await page.getByTestId('pay').click();
  await expect(page.getByTestId('rzp-pay')).toHaveText('Pay ₹8,300');
}

const balanceCents = async (page: Page): Promise<number> =>
  (await rest<{ balanceCents: number }>(page, '/topup')).balanceCents;

async function newestTopup(page: Page): Promise<MadeTopup> {
  const { items } = await rest<{ items: MadeTopup[] }>(page, '/topups?limit=1');
  const [topup] = items;
  if (topup === undefined) throw new Error('there is no top-up');
  return topup;
}
