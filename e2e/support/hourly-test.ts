import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { type StandIns, standInsOf } from './stand-ins.ts';

export { expect };

export type Customer = 'demo_studio' | 'demo_agency' | 'demo_hobbyist' | 'demo_operator';

/** What a browser must not meet: errors in its console, and requests that fail. */
export type Troubles = {
  /** An answer that the test provokes; any other of 400 and above fails the test. */
  expectStatus(status: number, path: RegExp): void;
  /** A way in which the test makes requests fail, as `net::ERR_INTERNET_DISCONNECTED`. */
  expectFailure(problem: string): void;
  watch(context: BrowserContext): void;
};

type Fixtures = {
  standIns: StandIns;
  troubles: Troubles;
  /** Another browser, with cookies of its own. */
  otherBrowser: () => Promise<Page>;
};

/** Playwright's `test`, with the stand-ins' levers, on pages whose every trouble fails the test. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from here
  standIns: async ({}, use) => use(standInsOf(Number(process.env.HOURLY_E2E_PORT))),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from here
  troubles: async ({}, use) => {
    const met: string[] = [];
    const expected: { status: number; path: RegExp }[] = [];
    // Given up by the page itself, which moved on or was closed.
    const failures = ['net::ERR_ABORTED'];
    await use({
      expectStatus: (status, path) => void expected.push({ status, path }),
      expectFailure: (problem) => void failures.push(problem),
      watch: (context) => watch(context, met, { expected, failures }),
    });
    expect(met, 'errors in the console, and failed requests').toEqual([]);
  },
  context: async ({ context, troubles }, use) => {
    troubles.watch(context);
    await use(context);
  },
  otherBrowser: async ({ browser, troubles, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext(baseURL === undefined ? {} : { baseURL });
      contexts.push(context);
      troubles.watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

type Provoked = {
  expected: readonly { status: number; path: RegExp }[];
  failures: readonly string[];
};

function watch(context: BrowserContext, met: string[], { expected, failures }: Provoked): void {
  context.on('console', (message) => {
    // The browser repeats every bad answer here; those are judged below, by their status.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    met.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => met.push(`uncaught: ${error.error().message}`));
  context.on('response', (response) => {
    const url = new URL(response.url());
    const wanted = expected.some(
      ({ status, path }) => response.status() === status && path.test(url.pathname),
    );
    if (response.status() >= 400 && !wanted) met.push(`${response.status()} ${response.url()}`);
  });
  context.on('requestfailed', (request) => {
    const problem = request.failure()?.errorText ?? 'failed';
    if (!failures.includes(problem)) met.push(`${problem} ${request.url()}`);
  });
}

/** Signs in through the demo's page, as the customer would. */
export async function signIn(page: Page, customer: Customer): Promise<void> {
  await page.goto('/hourly-usage');
  await page.getByTestId(`demo-customer-${customer}`).click();
  await expect(page.getByTestId('balance-usd')).toBeVisible();
}

/** Calls the REST interface with the page's own cookies, as the signed-in customer. */
export async function rest<Answer>(page: Page, path: string, body?: object): Promise<Answer> {
  const url = `/api/hourly-usage${path}`;
  const response =
    body === undefined
      ? // The server may close a connection that has been idle just when it is used again.
        await page.request.get(url, { maxRetries: 2 })
      : // From a browser's own page such a call would carry where it comes from.
        await page.request.post(url, {
          data: body,
          headers: { origin: new URL(page.url()).origin },
        });
  const answer = await response.json();
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${answer.message}`);
  return answer as Answer;
}

/** Puts a top-up of $100 on the customer's live balance, without the payment window. */
export async function topUp(page: Page, standIns: StandIns): Promise<void> {
  const made = await rest<{ checkout: { orderId: string } }>(page, '/topup', {
    amountCents: 10_000,
  });
  await rest(page, '/topup/confirm', await standIns.pay(made.checkout.orderId));
  await page.reload();
}
