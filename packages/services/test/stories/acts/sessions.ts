import { endSession, startSession, toggleSession } from '@hourly/db';
import { type Cast, type Customer, Wrong } from '../cast.ts';
import type { ActOf } from '../chapter.ts';
import { reasonOf, run } from './run.ts';

const hourMs = 3_600_000;

/** A customer uses what was paid for; hours pass, as far as the account's clock goes. */
export async function useSession(
  cast: Cast,
  { accountId }: Customer,
  act: ActOf<'session'>,
): Promise<boolean> {
  const now = act.hours === 0 ? undefined : new Date(Date.now() + act.hours * hourMs).toISOString();
  const input = { accountId, now };
  const allowed = [
    'INSUFFICIENT_BALANCE',
    'ACCOUNT_FROZEN',
    'SESSION_ALREADY_OPEN',
    'NO_OPEN_SESSION',
  ] as const;
  const part = { role: 'web', accident: act.accident, allowed } as const;
  const outcome = await run(cast, act, part, async ({ db }) => {
    switch (act.to) {
      case 'started':
        return startSession(db, input);
      case 'paused':
      case 'active':
        return toggleSession(db, { ...input, to: act.to });
      case 'ended':
        return endSession(db, input);
    }
  });
  const isFrozen = (await balanceOf(cast, accountId)) < 0;
  if (cast.isCrowded) return true;
  if (reasonOf(outcome) === 'ACCOUNT_FROZEN' && !isFrozen) throw new Wrong('frozen, and in credit');
  if (outcome.is === 'done' && outcome.result.status === 'active' && isFrozen) {
    throw new Wrong('a session runs on an account below zero');
  }
  return true;
}

async function balanceOf({ stage }: Cast, accountId: string): Promise<number> {
  const { rows } = await stage.db.owner.query<{ cents: number }>(
    'select balance_cents::integer as cents from hourly_account_balance where id = $1',
    [accountId],
  );
  return rows[0]?.cents ?? 0;
}
