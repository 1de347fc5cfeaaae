import type { Page } from '@playwright/test';
import { expect, rest, signIn, test } from './support/hourly-test.ts';

// The whole way, on a machine that may be busy.
test.setTimeout(120_000);

test('a customer tops up, works for an hour and understands what it cost', async ({
  page,
  standIns,
  otherBrowser,
  troubles,
}) => {
  await test.step('signs in and hears the prices before anything costs', async () => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Unlimited generation, $15 an hour',
    );
    await expect(page.getByText('Top up from $100 (₹8,300).')).toBeVisible();
    await page.goto('/hourly-usage');
    await expect(page).toHaveURL(/\/sign-in$/);
    await page.getByTestId('demo-customer-demo_studio').click();
    await expect(page).toHaveURL(/\/hourly-usage$/);
    await expect(page.getByTestId('balance-usd')).toHaveText('$0');
    await expect(page.getByTestId('balance-inr')).toHaveText('₹0');
    await expect(page.getByTestId('commitment')).toHaveText('0 of 6 committed hours used');
    await expect(page.getByText('Starting charges $15 now for the first hour')).toBeVisible();
    await expect(page.getByTestId('start-session')).toBeDisabled();
    await expect(page.getByTestId('generate')).toBeDisabled();
  });

  await test.step('opens the payment, thinks again, and finds the choice kept', async () => {
    await page.getByTestId('open-topup').click();
    const dialog = page.getByRole('dialog', { name: 'Top up' });
    await expect(dialog).toContainText('commits you to 6 hours ($90), once');
    await expect(page.getByTestId('topup-10000')).toBeChecked();
    await expect(page.getByTestId('pay')).toHaveText('Pay $100 (₹8,300)');
    await page.getByTestId('pay').click();
    await expect(dialog).toContainText('Accept the commitment to go on.');
    await dialog.getByRole('checkbox').check();
    await page.getByTestId('pay').click();
    const payment = page.getByTestId('rzp-standin');
    await expect(payment).toContainText('₹8,300');
    await page.getByTestId('rzp-close').click();
    await expect(page.getByTestId('topup-status')).toContainText('Nothing was paid');
    await expect(page.getByTestId('topup-10000')).toBeChecked();
    await expect(dialog.getByRole('checkbox')).toBeChecked();
    await expect(page.getByTestId('balance-usd')).toHaveText('$0');
  });

  await test.step('is told why a payment failed', async () => {
    await page.getByTestId('pay').click();
    await page.getByTestId('rzp-fail').click();
    await expect(page.getByTestId('rzp-standin').getByRole('alert')).not.toBeEmpty();
    const why = await page.getByTestId('rzp-standin').getByRole('alert').textContent();
    await page.getByTestId('rzp-close').click();
    await expect(page.getByTestId('topup-status')).toHaveAttribute('data-step', 'failed');
    await expect(page.getByTestId('topup-status')).toContainText(why ?? '');
    await expect(page.getByTestId('balance-usd')).toHaveText('$0');
  });

  await test.step('pays; the money shows when the server has it, and not before', async () => {
    // Neither Razorpay nor the browser gets through to the server until the state between was seen.
    await standIns.holdWebhooks();
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route('**/api/trpc/hourlyUsage.confirmTopup*', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByTestId('pay').click();
    await page.getByTestId('rzp-pay').click();
    const status = page.getByTestId('topup-status');
    await expect(status).toContainText('Payment received, confirming');
    await expect(page.getByTestId('balance-usd')).toHaveText('$0');
    letThrough();
    await expect(status).toContainText('$100 added');
    await expect(page.getByTestId('balance-usd')).toHaveText('$100');
    await expect(page.getByTestId('balance-inr')).toHaveText('₹8,300');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.unroute('**/api/trpc/hourlyUsage.confirmTopup*');
    await standIns.sendWebhooks();
  });

  await test.step('starts; the first hour is charged and the timer runs by the server', async () => {
    await page.getByTestId('start-session').click();
    await expect(page.getByTestId('session-status')).toHaveAttribute('data-status', 'active');
    await expect(page.getByTestId('balance-usd')).toHaveText('$85');
    await expect(page.getByTestId('session-cost')).toHaveText('$15');
    await expect(page.getByTestId('commitment')).toHaveText('1 of 6 committed hours used');
    await expect(page.getByTestId('paid-until')).toContainText('then $15 an hour');
    await expect.poll(() => timer(page)).toBeGreaterThanOrEqual(2);
    const { session } = await rest<{ session: { activeSeconds: number } }>(page, '/end');
    expect(Math.abs((await timer(page)) - session.activeSeconds)).toBeLessThan(2);
  });

  await test.step('makes pictures, each another one', async () => {
    const first = await makePicture(page, 'a lighthouse in fog');
    const second = await makePicture(page, 'a harbour at night');
    expect(first.length).toBeGreaterThan(1_000);
    expect(first.equals(second)).toBe(false);
  });

  await test.step('is not charged for a picture that fails', async () => {
    await page.getByTestId('prompt').fill('a bridge [fail]');
    await page.getByTestId('generate').click();
    const tile = page.getByTestId('generation').first();
    await expect(tile).toHaveAttribute('data-status', 'failed');
    await expect(tile).toContainText('Not charged');
    await expect(page.getByTestId('balance-usd')).toHaveText('$85');
  });

  await test.step('pauses; the timer stands still, also over a reload', async () => {
    await page.getByTestId('pause-session').click();
    await expect(page.getByTestId('session-status')).toHaveAttribute('data-status', 'paused');
    await expect(page.getByTestId('generate')).toBeDisabled();
    await expect(page.getByTestId('paid-until')).toContainText('Pausing costs nothing');
    const stopped = await page.getByTestId('session-timer').textContent();
    await page.reload();
    await expect(page.getByTestId('session-status')).toHaveAttribute('data-status', 'paused');
    await expect(page.getByTestId('session-timer')).toHaveText(stopped ?? '');
    await expect(page.getByTestId('balance-usd')).toHaveText('$85');
    await page.getByTestId('resume-session').click();
    await expect(page.getByTestId('session-status')).toHaveAttribute('data-status', 'active');
    await expect(page.getByTestId('session-timer')).not.toHaveText(stopped ?? '');
    await expect(page.getByTestId('balance-usd')).toHaveText('$85');
  });

  await test.step('ends it, once asked again', async () => {
    await page.getByTestId('end-session').click();
    const dialog = page.getByRole('dialog', { name: 'End this session?' });
    await expect(dialog).toContainText('a started hour isn’t refunded');
    await page.getByTestId('confirm-end').click();
    const summary = page.getByTestId('session-summary');
    await expect(summary).toContainText('Session ended');
    await expect(summary).toContainText(/1 hour.*\$15/);
    await expect(page.getByTestId('start-session')).toBeEnabled();
  });

  await test.step('reads in the history where the money went', async () => {
    const session = page.getByTestId('history-sessions').getByRole('row').nth(1);
    await expect(session).toContainText('$15');
    await session.getByTestId('why-charged').click();
    const charge = page.getByTestId('charge');
    await expect(charge).toHaveCount(1);
    await expect(charge).toContainText('Hour 1');
    await expect(charge).toContainText('Balance $100 → $85');
    await page.keyboard.press('Escape');
    await page.getByTestId('tab-transactions').click();
    const rows = page.getByTestId('history-transactions').getByRole('row');
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(1)).toContainText('−$15');
    await expect(rows.nth(1)).toContainText('$85');
    await expect(rows.nth(2)).toContainText('+$100');
    const { items } = await rest<{ items: { amountCents: number }[] }>(page, '/transactions');
    const ledgerCents = items.reduce((sum, { amountCents }) => sum + amountCents, 0);
    const { balanceCents } = await rest<{ balanceCents: number }>(page, '/topup');
    expect(balanceCents).toBe(ledgerCents);
    await expect(page.getByTestId('balance-usd')).toHaveText(`$${ledgerCents / 100}`);
  });

  await test.step('is alone with it: another customer sees none of it', async () => {
    const { items: sessions } = await rest<{ items: { id: string }[] }>(page, '/sessions');
    const picture = await page
      .getByTestId('generation')
      .getByRole('img')
      .first()
      .getAttribute('src');
    expect(picture).not.toBeNull();
    const stranger = await otherBrowser();
    await signIn(stranger, 'demo_hobbyist');
    await expect(stranger.getByTestId('balance-usd')).toHaveText('$0');
    await expect(stranger.getByText('No session yet.')).toBeVisible();
    await expect(stranger.getByText('Pictures appear here.')).toBeVisible();
    troubles.expectStatus(404, /\/outputs\/0$|\/sessions\//);
    for (const path of [picture ?? '', `/api/hourly-usage/sessions/${sessions[0]?.id}`]) {
      const answer = await stranger.request.get(path);
      expect(answer.status(), path).toBe(404);
      expect(await answer.json()).toMatchObject({ reason: 'NOT_FOUND' });
    }
  });
});

/** The seconds that the timer shows. */
async function timer(page: Page): Promise<number> {
  const text = (await page.getByTestId('session-timer').textContent()) ?? '';
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Asks for a picture, waits until the browser has drawn it, and returns its bytes. */
async function makePicture(page: Page, prompt: string): Promise<Buffer> {
  await page.getByTestId('prompt').fill(prompt);
  await page.getByTestId('generate').click();
  const image = page.getByTestId('generation').getByRole('img', { name: prompt });
  await expect(image).toBeVisible({ timeout: 20_000 });
  await expect
    .poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBe(1024);
  const answer = await page.request.get((await image.getAttribute('src')) ?? '');
  expect(answer.headers()['content-type']).toBe('image/png');
  return answer.body();
}
