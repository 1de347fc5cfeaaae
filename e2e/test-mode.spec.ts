import { expect, rest, signIn, test } from './support/hourly-test.ts';

test('tries everything out in test mode, where time is moved by hand', async ({ page }) => {
  await signIn(page, 'demo_agency');
  const live = await rest<{ balanceCents: number }>(page, '/topup');

  await test.step('tops up at once, without a payment window', async () => {
    await page.getByTestId('mode-toggle').click();
    await expect(page.getByTestId('test-clock')).toBeVisible();
    await expect(page.getByTestId('balance-usd')).toHaveText('$0');
    await page.getByTestId('open-topup').click();
    await page.getByRole('dialog').getByRole('checkbox').check();
    await page.getByTestId('pay').click();
    await expect(page.getByTestId('topup-status')).toContainText('$100 added');
    await expect(page.getByTestId('rzp-standin')).toBeHidden();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByTestId('balance-usd')).toHaveText('$100');
  });

  await test.step('two and a half hours cost $45', async () => {
    await page.getByTestId('start-session').click();
    await expect(page.getByTestId('session-timer')).toHaveText('0:00:00');
    await page.getByTestId('advance-3600').click();
    await expect(page.getByTestId('session-timer')).toHaveText('1:00:00');
    // Exactly one hour is one hour.
    await expect(page.getByTestId('session-cost')).toHaveText('$15');
    await page.getByTestId('advance-5400').click();
    await expect(page.getByTestId('session-timer')).toHaveText('2:30:00');
    await expect(page.getByTestId('session-cost')).toHaveText('$45');
    await expect(page.getByTestId('balance-usd')).toHaveText('$55');
    await expect(page.getByTestId('commitment')).toHaveText('3 of 6 committed hours used');
  });

  await test.step('a picture is there at once', async () => {
    await page.getByTestId('prompt').fill('a quiet street');
    await page.getByTestId('generate').click();
    const image = page.getByRole('img', { name: 'a quiet street' });
    await expect
      .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
  });

  await test.step('the session ends where the balance ends', async () => {
    await page.getByTestId('advance-86400').click();
    const summary = page.getByTestId('session-summary');
    await expect(summary).toContainText(/6 hours.*\$90.*6 h/);
    await expect(page.getByTestId('balance-usd')).toHaveText('$10');
    await expect(page.getByTestId('start-session')).toBeDisabled();
    await expect(page.getByText('Starting needs a balance of $15')).toBeVisible();
    await summary.getByRole('button', { name: 'Why was I charged?' }).click();
    await expect(page.getByTestId('charge')).toHaveCount(6);
    await expect(page.getByTestId('session-detail')).toContainText('balance');
    await page.keyboard.press('Escape');
  });

  await test.step('and none of it has touched the live account', async () => {
    await page.getByTestId('mode-toggle').click();
    await expect(page.getByTestId('test-clock')).toBeHidden();
    await expect(page.getByTestId('balance-usd')).toHaveText(`$${live.balanceCents / 100}`);
  });
});
