import { type Account, actingAt, isActive, openSession } from './account.ts';
import { type Asked, mutate, type Outcome } from './mutate.ts';
import { nextStep, settle } from './settle.ts';
import { earliest, inSeconds, type Micros, shown } from './time.ts';

const mostHoursAPass = 24;

/** One pass of the settlement at `now`: live accounts, 24 hours each; all of them, or one alone. */
export function tick(accounts: readonly Account[], now: Micros, onlyFor?: Account) {
  const live = accounts.filter(({ mode }) => mode === 'live');
  const told = { accounts: 0, hours: 0, paused: 0, ended: 0 };
  for (const account of onlyFor === undefined ? live : [onlyFor]) {
    const { hours, paused, ended } = settle(
      account,
      actingAt(account, now),
      'settlement',
      mostHoursAPass,
    );
    told.accounts += hours + paused + ended > 0 ? 1 : 0;
    told.hours += hours;
    told.paused += paused;
    told.ended += ended;
  }
  const due = live.map(dueAt).filter((at) => at !== null);
  const next = due.length === 0 ? null : due.reduce(earliest);
  return { ...told, failed: [], nextDueInSeconds: next === null ? null : inSeconds(next - now) };
}

/** The first instant at which something has happened to the account by itself. */
function dueAt(account: Account): Micros | null {
  const session = openSession(account);
  if (session === undefined || !isActive(session)) return null;
  const { at, what } = nextStep(account, session);
  // What is charged, or cannot be, is so only after its instant.
  return what === 'charge' || what === 'insolvency' ? at + 1n : at;
}

/** Who has been due the longest by `now`; nobody when that is not one alone. */
export function firstDue(accounts: readonly Account[], now: Micros): Account | undefined {
  const due = accounts
    .filter(({ mode }) => mode === 'live')
    .flatMap((account) => {
      const at = dueAt(account);
      return at === null ? [] : [{ account, at }];
    })
    .filter(({ at }) => at <= now);
  const first = due.reduce((least, { at }) => earliest(least, at), now);
  const those = due.filter(({ at }) => at === first);
  return those.length === 1 ? those[0]?.account : undefined;
}

/** Moves a test account's clock, and settles where it stood and where it stands then. */
export function advance(asked: Asked & { by: Micros }): Outcome {
  const { account, by } = asked;
  return mutate('advanceClock', asked, () => {
    account.clock += by;
    settle(account, account.clock, 'call');
    return { show: () => ({ now: shown(account.clock) }) };
  });
}
