import { expect, rest, signIn, test, topUp } from './support/hourly-test.ts';

test('makes one session of two clicks and shows its end in every tab', async ({
  page,
  context,
  standIns,
  troubles,
}) => {
  await signIn(page, 'demo_agency');
  await topUp(page, standIns);

  await test.step('two clicks at once start one session', async () => {
    const start = page.getByTestId('start-session');
    await expect(start).toBeEnabled();
    await start.evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await expect(page.getByTestId('session-status')).toHaveAttribute('data-status', 'active');
    const { items } = await rest<{ items: { costCents: number }[] }>(page, '/sessions');
    expect(items.map(({ costCents }) => costCents)).toEqual([1_500]);
  });

  await test.step('what one tab ends, the other shows when it is looked at', async () => {
    const other = await context.newPage();
    await other.goto('/hourly-usage');
    await other.getByTestId('end-session').click();
    await other.getByTestId('confirm-end').click();
    await expect(other.getByTestId('session-summary')).toContainText('Session ended');
    await page.bringToFront();
    await page.evaluate(() =>
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true })),
    );
    await expect(page.getByTestId('session-summary')).toContainText(/1 hour.*\$15/);
    await expect(page.getByTestId('start-session')).toBeVisible();
  });

  await test.step('a tab that is behind starts nothing twice', async () => {
    // The page shows no session; meanwhile another device has started one.
    troubles.expectStatus(409, /hourlyUsage\.start$/);
    await page.route('**/api/trpc/hourlyUsage.status*', (route) => route.abort('aborted'));
    await rest(page, '/start', {});
    await page.getByTestId('start-session').click();
    await expect(page.getByRole('alert').filter({ hasText: 'open already' })).toBeVisible();
    await page.unroute('**/api/trpc/hourlyUsage.status*');
    await rest(page, '/end', {});
    const { items } = await rest<{ items: { costCents: number }[] }>(page, '/sessions');
    expect(items.map(({ costCents }) => costCents)).toEqual([1_500, 1_500]);
  });
});

test('stops at the guards that the customer sets', async ({ page }) => {
  await signIn(page, 'demo_hobbyist');
  await page.getByTestId('mode-toggle').click();
  await page.getByTestId('open-topup').click();
  await page.getByRole('dialog').getByRole('checkbox').check();
  await page.getByTestId('pay').click();
  await expect(page.getByTestId('topup-status')).toContainText('$100 added');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Guards: hours cap').click();
  await page.getByTestId('guard-max-hours').fill('1');
  await page.getByTestId('start-session').click();
  await expect(page.getByTestId('paid-until')).toContainText('the hours cap is reached');
  await page.getByTestId('advance-5400').click();
  const summary = page.getByTestId('session-summary');
  await expect(summary).toContainText(/1 hour.*\$15.*1 h/);
  await expect(page.getByTestId('balance-usd')).toHaveText('$85');
});
