import { expect, type Page } from '@playwright/test';
import { rest } from './hourly-test.ts';

export type ListedTopup = {
  id: string;
  status: string;
  amountCents: number;
  checkout: { orderId: string } | null;
};

/** Opens the dialog, chooses an amount of dollars and accepts the commitment where it is asked for. */
export async function choose(page: Page, dollars: number): Promise<void> {
  await page.getByTestId('open-topup').click();
  await page.getByTestId('topup-custom').fill(String(dollars));
  await expect(page.getByTestId('pay')).toBeEnabled();
  const commitment = page.getByTestId('accept-commitment');
  if (await commitment.isVisible()) await commitment.check();
}

/** Chooses an amount and waits for Razorpay's window. */
export async function openPayment(page: Page, dollars: number): Promise<void> {
  await choose(page, dollars);
  await page.getByTestId('pay').click();
  await seeWindow(page, dollars);
}

/** Razorpay's window is there, for this amount, and nothing of the page is in front of it. */
export async function seeWindow(page: Page, dollars: number): Promise<void> {
  const rupees = new Intl.NumberFormat('en-IN').format(dollars * 83);
  await expect(page.getByTestId('rzp-pay')).toHaveText(`Pay ₹${rupees}`);
  await expect(page.getByRole('dialog', { name: 'Top up' })).toBeHidden();
}

export const balanceCents = async (page: Page): Promise<number> =>
  (await rest<{ balanceCents: number }>(page, '/topup')).balanceCents;

/** The customer's top-ups of an amount of dollars, newest first. */
export async function topupsOf(page: Page, dollars: number): Promise<ListedTopup[]> {
  const { items } = await rest<{ items: ListedTopup[] }>(page, '/topups?limit=100');
  return items.filter(({ amountCents }) => amountCents === dollars * 100);
}

/** The one top-up of an amount of dollars, which no other test uses. */
export async function onlyTopup(page: Page, dollars: number): Promise<ListedTopup> {
  const [topup, ...more] = await topupsOf(page, dollars);
  if (topup === undefined || more.length > 0) {
    throw new Error(`there are ${more.length + (topup ? 1 : 0)} top-ups of $${dollars}`);
  }
  return topup;
}
