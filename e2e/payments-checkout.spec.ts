import type { Page } from '@playwright/test';
import {
  balanceCents,
  choose,
  onlyTopup,
  openPayment,
  seeWindow,
  topupsOf,
} from './support/checkout-page.ts';
import { test as base, expect, signIn } from './support/hourly-test.ts';
import { runCli } from './support/product.ts';
import { type RazorpaySide, razorpaySideOf } from './support/razorpay-side.ts';

const dataDir = process.env.HOURLY_E2E_DATA_DIR ?? '';

// Every test tops up another amount, so that none finds what another has begun.
const test = base.extend<{ razorpay: RazorpaySide }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from here
  razorpay: async ({}, use) => {
    const razorpay = razorpaySideOf(Number(process.env.HOURLY_E2E_PORT), dataDir);
    await use(razorpay);
    await razorpay.setFaults([]);
  },
});

test.beforeEach(async ({ page }) => {
  await page.clock.install();
  await signIn(page, 'demo_hobbyist');
});

const status = (page: Page) => page.getByTestId('topup-status');
const reminder = (page: Page) => page.getByTestId('unpaid-topup');

/** Pays in the window that is open, and sees the money. */
async function payAndSee(page: Page, dollars: number): Promise<void> {
  const before = await balanceCents(page);
  await page.getByTestId('rzp-pay').click();
  await seeCredit(page, dollars, before + dollars * 100);
}

async function seeCredit(page: Page, dollars: number, afterCents: number): Promise<void> {
  await expect(status(page)).toContainText(`$${dollars} added`);
  const balance = await page.getByTestId('balance-usd').textContent();
  await expect(status(page)).toContainText(`Your balance is now ${balance}`);
  expect(await balanceCents(page)).toBe(afterCents);
  await page.getByRole('button', { name: 'Done' }).click();
}

/** Every button of this name is large enough for a finger. */
async function expectLarge(page: Page, name: string | RegExp): Promise<void> {
  for (const button of await page.getByRole('button', { name }).all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), String(name)).toBeGreaterThanOrEqual(44);
  }
}

test('goes on with a payment whose window was closed, by keyboard and after a reload', async ({
  page,
  razorpay,
}) => {
  const opener = page.getByTestId('open-topup');
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('topup-custom').fill('110');
  await expect(page.getByTestId('pay')).toBeEnabled();
  const commitment = page.getByTestId('accept-commitment');
  if (await commitment.isVisible()) await commitment.check();
  await page.getByTestId('topup-custom').press('Enter');
  await seeWindow(page, 110);
  const { checkout } = await onlyTopup(page, 110);

  await test.step('the dialog comes back with the choice, and says so', async () => {
    await page.keyboard.press('Escape');
    await expect(status(page)).toHaveAttribute('data-step', 'dismissed');
    await expect(page.getByTestId('topup-announcement')).toContainText('Nothing was paid');
    await expect(page.getByTestId('topup-custom')).toHaveValue('110');
    await expect(page.getByTestId('pay')).toHaveText('Continue payment: $110 (₹9,130)');
    await expect(page.getByTestId('pay')).toBeFocused();
    // A modal dialog hides the rest of the page from screen readers; not what speaks to them.
    const hidden = page.locator('[aria-hidden=true]').getByTestId('topup-announcement');
    await expect(hidden).toHaveCount(0);
    for (const name of ['Close', /Continue payment/]) await expectLarge(page, name);
  });

  await test.step('leaving it returns to where it was opened, with a reminder', async () => {
    await page.keyboard.press('Escape');
    await expect(opener).toBeFocused();
    await expect(reminder(page)).toContainText('$110');
    for (const name of ['Continue payment', 'Top up']) await expectLarge(page, name);
  });

  await test.step('after a reload it is the same order', async () => {
    await page.reload();
    const goOn = reminder(page).getByRole('button', { name: 'Continue payment' });
    await expect(goOn).toBeVisible();
    await expect(goOn).not.toBeFocused();
    await goOn.click();
    await seeWindow(page, 110);
    expect((await onlyTopup(page, 110)).checkout).toEqual(checkout);
    await page.getByTestId('rzp-close').click();
    await expect(page.getByRole('button', { name: 'Continue payment' })).toBeFocused();
    await page.getByTestId('open-topup').click();
    await expect(page.getByTestId('topup-custom')).toHaveValue('110');
    await page.getByTestId('pay').click();
    await seeWindow(page, 110);
    await payAndSee(page, 110);
    await expect(opener).toBeFocused();
    await expect(reminder(page)).toBeHidden();
  });

  const { id } = await onlyTopup(page, 110);
  expect(await razorpay.ordersOf(id)).toHaveLength(1);
});

test('says in Razorpay’s words why a payment failed, and pays the same order then', async ({
  page,
  razorpay,
}) => {
  await openPayment(page, 120);
  await page.getByTestId('rzp-fail').click();
  const why = page.getByTestId('rzp-standin').getByRole('alert');
  await expect(why).not.toBeEmpty();
  const reason = (await why.textContent()) ?? '';
  await page.getByTestId('rzp-close').click();
  await expect(status(page)).toHaveAttribute('data-step', 'failed');
  await expect(status(page)).toContainText(reason);
  await expect(page.getByTestId('pay')).toHaveText('Try again: $120 (₹9,960)');

  await page.reload();
  await expect(reminder(page)).toContainText(reason);
  await reminder(page).getByRole('button').click();
  await seeWindow(page, 120);
  await payAndSee(page, 120);
  const { id } = await onlyTopup(page, 120);
  expect(await razorpay.ordersOf(id)).toMatchObject([{ status: 'paid' }]);
});

test('makes one order of two clicks, and of two tabs that pay at once', async ({
  page,
  context,
  razorpay,
  troubles,
}) => {
  // One of them makes the order, the others wait for it.
  troubles.expectStatus(409, /hourlyUsage\.topup$/);
  const other = await context.newPage();
  await other.goto('/hourly-usage');
  for (const tab of [page, other]) await choose(tab, 130);
  await razorpay.setFaults([{ mode: 'slow', slowMs: 500, match: 'POST /v1/orders' }]);
  await Promise.all(
    [page, other].map((tab) =>
      tab.getByTestId('pay').evaluate((button: HTMLButtonElement) => {
        button.click();
        button.click();
      }),
    ),
  );
  for (const tab of [page, other]) {
    await seeWindow(tab, 130);
    await expect(tab.getByTestId('rzp-standin')).toHaveCount(1);
  }
  const { id } = await onlyTopup(page, 130);
  expect(await razorpay.ordersOf(id)).toHaveLength(1);

  await test.step('what one tab pays, the other sees', async () => {
    await payAndSee(other, 130);
    await expect(page.getByTestId('rzp-standin')).toBeHidden();
    await expect(status(page)).toContainText('$130 added');
  });
});

test('waits for a slow Razorpay as long as the customer does, and keeps the order', async ({
  page,
  razorpay,
}) => {
  await razorpay.setFaults([{ mode: 'slow', slowMs: 1_500, match: 'POST /v1/orders' }]);
  await choose(page, 140);
  await page.getByTestId('pay').click();
  await expect(page.getByTestId('pay')).toBeDisabled();
  await expect(page.getByTestId('topup-announcement')).toContainText('Opening the payment');
  await page.clock.fastForward(4_000);
  await expect(status(page)).toContainText('Razorpay takes longer than usual');
  await page.keyboard.press('Escape');
  // The order arrives although nobody waits for it any more; its window does not open by itself.
  await expect.poll(async () => (await onlyTopup(page, 140)).checkout).not.toBeNull();
  await page.reload();
  await expect(page.getByTestId('rzp-standin')).toBeHidden();
  await page.getByRole('button', { name: 'Continue payment' }).click();
  await seeWindow(page, 140);
  await payAndSee(page, 140);
  const { id } = await onlyTopup(page, 140);
  expect(await razorpay.ordersOf(id)).toHaveLength(1);
});

test('finds the order again whose answer got lost, also after a reload in between', async ({
  page,
  razorpay,
  troubles,
}) => {
  troubles.expectStatus(502, /hourlyUsage\.topup$/);
  await choose(page, 150);
  await razorpay.setFaults([
    { mode: 'lose_answer', match: 'POST /v1/orders' },
    { mode: 'reset', match: 'GET /v1/orders', times: 5 },
  ]);
  await page.getByTestId('pay').click();
  const error = page.getByTestId('error');
  await expect(error).toContainText('The payment provider did not answer');
  await expect(error.getByTestId('request-id')).not.toBeEmpty();
  await expect(page.getByTestId('pay')).toHaveText('Try again: $150 (₹12,450)');
  await page.getByTestId('pay').click();
  await expect(error).toBeVisible();
  await page.reload();
  await expect(reminder(page)).toContainText('could not be opened yet');
  await razorpay.setFaults([]);
  await page.getByTestId('open-topup').click();
  await expect(page.getByTestId('topup-custom')).toHaveValue('150');
  await page.getByTestId('pay').click();
  await seeWindow(page, 150);
  const { id } = await onlyTopup(page, 150);
  expect(await razorpay.ordersOf(id)).toHaveLength(1);
  await payAndSee(page, 150);
});

test('loads the payment window again when something kept it away', async ({ page, razorpay }) => {
  await page.route('**/v1/checkout.js', (route) => route.abort('aborted'));
  await choose(page, 160);
  await page.getByTestId('pay').click();
  await expect(status(page)).toHaveAttribute('data-step', 'unavailable');
  await expect(status(page)).toContainText('ad blocker');
  await expect(page.getByTestId('pay')).toBeFocused();
  await page.unroute('**/v1/checkout.js');
  await page.getByTestId('pay').click();
  await seeWindow(page, 160);
  const { id } = await onlyTopup(page, 160);
  expect(await razorpay.ordersOf(id)).toHaveLength(1);
  await payAndSee(page, 160);
});

test('promises nothing before the capture, in no tab, and credits when it comes', async ({
  page,
  context,
  razorpay,
}) => {
  const before = await balanceCents(page);
  const shown = (await page.getByTestId('balance-usd').textContent()) ?? '';
  await razorpay.captureLater(page);
  await openPayment(page, 170);
  await page.getByTestId('rzp-pay').click();
  await expect(status(page)).toContainText('Payment received, confirming');
  let paymentId = '';

  await test.step('asks ever more seldom, and then says what will happen', async () => {
    await expect(async () => {
      await page.clock.fastForward(20_000);
      await expect(status(page)).toHaveAttribute('data-step', 'delayed', { timeout: 200 });
    }).toPass({ intervals: [100] });
    await expect(status(page)).toContainText('We’ll credit it as soon as Razorpay confirms');
    paymentId = (await status(page).getByTestId('payment-id').textContent()) ?? '';
    await expect(page.getByTestId('balance-usd')).toHaveText(shown);
  });

  await test.step('knows after a reload and in another tab that it is paid', async () => {
    await page.reload();
    await expect(status(page)).toHaveAttribute('data-step', 'confirming');
    const other = await context.newPage();
    await other.goto('/hourly-usage');
    await expect(status(other)).toHaveAttribute('data-step', 'confirming');
    await expect(other.getByTestId('balance-usd')).toHaveText(shown);
    expect(await balanceCents(page)).toBe(before);
    await razorpay.capture(paymentId);
    await page.clock.fastForward(20_000);
    await seeCredit(other, 170, before + 17_000);
    await seeCredit(page, 170, before + 17_000);
  });
});

test('credits by reconciliation what neither the tab nor a webhook reported', async ({
  page,
  context,
  standIns,
}) => {
  const before = await balanceCents(page);
  await openPayment(page, 180);
  const { checkout } = await onlyTopup(page, 180);
  // Paid, and the tab is gone before its page hears of it.
  const closed = page.waitForEvent('close');
  await page.route('**/_checkout/orders/*', async () => {
    await standIns.pay(checkout?.orderId ?? '', { webhook: 'drop' });
    await page.close();
  });
  await page.getByTestId('rzp-pay').click({ noWaitAfter: true });
  await closed;

  const later = await context.newPage();
  await later.goto('/hourly-usage');
  await expect(reminder(later)).toContainText('If you have paid, it appears here by itself.');
  await runCli(dataDir, ['reconcile', '--yes']);
  await later.clock.fastForward(20_000);
  await seeCredit(later, 180, before + 18_000);
  await expect(reminder(later)).toBeHidden();
});

test('says that it is offline, keeps the choice, and goes on when the connection is back', async ({
  page,
  context,
  razorpay,
  troubles,
}) => {
  troubles.expectFailure('net::ERR_INTERNET_DISCONNECTED');
  const before = await balanceCents(page);
  await choose(page, 190);
  await context.setOffline(true);
  await page.getByTestId('pay').click();
  await expect(page.getByTestId('error')).toContainText('You are offline');
  await expect(page.getByTestId('topup-custom')).toHaveValue('190');
  await context.setOffline(false);
  await page.getByTestId('pay').click();
  await seeWindow(page, 190);

  // A reload closes the window; its order is still there.
  await page.reload();
  await page.getByRole('button', { name: 'Continue payment' }).click();
  await seeWindow(page, 190);
  await razorpay.captureLater(page);
  await context.setOffline(true);
  await page.getByTestId('rzp-pay').click();
  await expect(status(page)).toContainText('You are offline. It goes on when');
  await context.setOffline(false);
  await expect(status(page)).toContainText('Usually a few seconds');
  const notes = await page.evaluate(() => localStorage.getItem('hourly-checkout'));
  await razorpay.capture(/"(pay_\w+)"/.exec(notes ?? '')?.[1] ?? '');
  await page.clock.fastForward(20_000);
  await seeCredit(page, 190, before + 19_000);
  await onlyTopup(page, 190);
});

test('says what the server refuses, and what can be done about it', async ({
  page,
  context,
  troubles,
}) => {
  troubles.expectStatus(400, /hourlyUsage\.topup$/);
  troubles.expectStatus(401, /^\/api\/trpc\//);
  // The page still has the plan of before.
  await patch(
    page,
    'status',
    ({ balance }: { balance: { plan: { minimumTopupCents: number } } }) => {
      balance.plan.minimumTopupCents = 1_000;
    },
  );
  await page.reload();
  const error = page.getByTestId('error').last();
  await choose(page, 50);
  await page.getByTestId('pay').click();
  await expect(error).toContainText('The smallest top-up is $100.');
  await expect(error.getByTestId('request-id')).not.toBeEmpty();
  await page.getByTestId('topup-custom').fill('200');
  await expect(page.getByTestId('pay')).toHaveText('Pay $200 (₹16,600)');
  await context.clearCookies();
  await page.getByTestId('pay').click();
  await expect(error).toContainText('You are signed out');
  await expect(error.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByTestId('topup-custom')).toHaveValue('200');
});

test('makes a new order for the same choice when the payment has expired', async ({ page }) => {
  await openPayment(page, 210);
  const { id } = await onlyTopup(page, 210);
  await page.getByTestId('rzp-close').click();
  await page.keyboard.press('Escape');
  const expire = (topup: { id: string; status: string }) => {
    if (topup.id === id) topup.status = 'expired';
  };
  await patch(page, 'topupById', expire);
  await page.getByRole('button', { name: 'Continue payment' }).click();
  await expect(status(page)).toHaveAttribute('data-step', 'expired');

  await patch(page, 'topups', ({ items }: { items: { id: string; status: string }[] }) =>
    items.forEach(expire),
  );
  await page.reload();
  await expect(reminder(page)).toContainText('has expired');
  await reminder(page).getByRole('button', { name: 'Top up again' }).click();
  await expect(page.getByTestId('topup-custom')).toHaveValue('210');
  await expect(page.getByTestId('pay')).toHaveText('Pay $210 (₹17,430)');
  await page.getByTestId('pay').click();
  await seeWindow(page, 210);
  expect(await topupsOf(page, 210)).toHaveLength(2);
  await payAndSee(page, 210);
});

/** Changes what a query answers on its way to the page. */
async function patch<Data>(page: Page, query: string, change: (data: Data) => void) {
  await page.route(new RegExp(`/hourlyUsage\\.${query}(\\?|$)`), async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    if (response.ok()) change(json.result.data);
    await route.fulfill({ response, json });
  });
}
