// A program without the DOM's types and without Node's: the SDK must not ask for either.
import {
  AbortedError,
  type Balance,
  Hourly,
  HourlyError,
  InsufficientBalanceError,
  type Session,
} from '@hourly/sdk';

const hourly = new Hourly({ apiKey: 'hk_test_x', baseUrl: 'https://hourly.example.com' });

export async function main(): Promise<string> {
  const balance: Balance = await hourly.balance({ timeoutMs: 5_000, maxRetries: 1 });
  if (balance.balanceCents < balance.plan.rateCents)
    await hourly.topups.create({ amountCents: 10_000 }, { idempotencyKey: 'first' });
  try {
    const session: Session = await hourly.sessions.start({ maxHours: 6, hourEnd: 'pause' });
    const generation = await hourly.generate({ prompt: 'a lighthouse', params: { count: 2 } });
    await hourly.generations.wait(generation.id);
    for await (const entry of hourly.transactions.list({ limit: 50 })) entry.amountCents.toFixed();
    const page = await hourly.sessions.list().page();
    return (page.nextCursor ?? session.id) + (await hourly.sessions.end()).status;
  } catch (error) {
    if (error instanceof InsufficientBalanceError) return `lacks ${error.requiredCents}`;
    if (AbortedError.is(error)) return error.message;
    if (HourlyError.is(error) && error.reason === 'SESSION_ALREADY_OPEN') return 'open';
    throw error;
  }
}

// @ts-expect-error the opposite of a state that may have changed costs money
void (() => hourly.sessions.toggle({}));
// @ts-expect-error there is no such field
void (() => hourly.sessions.start({ maxHour: 6 }));
