import type { SessionDetail } from '@hourly/contract';
import { instantAfter, lengthUs, shownInstant, timeUs } from './instants.ts';
import { minorUnits } from './money.ts';
import type { Expectation, Seen } from './seen.ts';

function sessionOf({ session }: Seen): SessionDetail {
  if (session === undefined) throw new Error('no session was started yet');
  return session;
}

const chargeOf = (seen: Seen, hour: string | undefined) =>
  sessionOf(seen).charges.find((charge) => charge.hour === Number(hour));

function instantOf(seen: Seen, time: string): string {
  const us = timeUs(time);
  if (us === null) throw new Error(`no time: ${time}`);
  return shownInstant(instantAfter(seen.begin, us));
}

function usOf(length: string): number {
  const us = lengthUs(length);
  if (us === null) throw new Error(`no length of time: ${length}`);
  return us;
}

/** When it stopped: an ended session at its end, a paused one with its last stretch. */
const stoppedAt = ({ status, endedAt, segments }: SessionDetail): string | null | undefined =>
  status === 'paused' ? segments.at(-1)?.endedAt : endedAt;

const time = String.raw`((?:day \d+ )?\d\d:\d\d\S*)`;

/** What a line may say about the session, its time and its hours. */
export const sessionExpectations: Expectation[] = [
  {
    form: RegExp(`^(active|paused|ended)(?: \\((\\w+)\\))?(?: at ${time})?$`),
    look(seen, [status, reason, at]) {
      const session = sessionOf(seen);
      const found = { status: session.status, reason: session.endReason ?? session.pauseReason };
      const expected = { status, reason: reason ?? null };
      if (at === undefined) return { expected, found };
      return {
        expected: { ...expected, at: instantOf(seen, at) },
        found: { ...found, at: stoppedAt(session) },
      };
    },
  },
  {
    form: /^no open session$/,
    look: ({ openSession }) => ({ expected: null, found: openSession }),
  },
  {
    form: /^charged (\d+) hours? = (\$\S+)$/,
    look(seen, [hours, cost = '']) {
      const { hoursCharged, costCents } = sessionOf(seen);
      return {
        expected: { hoursCharged: Number(hours), costCents: minorUnits(cost) },
        found: { hoursCharged, costCents },
      };
    },
  },
  {
    form: /^used (.+)$/,
    look: (seen, [length = '']) => ({
      expected: usOf(length),
      found: Math.round(sessionOf(seen).activeSeconds * 1e6),
    }),
  },
  {
    form: /^(.+) left$/,
    look(seen, [length = '']) {
      const { hoursCharged, activeSeconds } = sessionOf(seen);
      const leftUs = Math.round((hoursCharged * 3600 - activeSeconds) * 1e6);
      return { expected: usOf(length.replace(/^nothing$/, '0 s')), found: leftUs };
    },
  },
  {
    form: RegExp(`^paid through ${time}$`),
    look: (seen, [at = '']) => ({
      expected: instantOf(seen, at),
      found: sessionOf(seen).paidThrough,
    }),
  },
  {
    form: RegExp(`^hour (\\d+) due at ${time}$`),
    look: (seen, [hour, at = '']) => ({
      expected: instantOf(seen, at),
      found: chargeOf(seen, hour)?.dueAt,
    }),
  },
  {
    form: /^hour (\d+) by (start|resume|settlement|call)$/,
    look: (seen, [hour, trigger]) => ({ expected: trigger, found: chargeOf(seen, hour)?.trigger }),
  },
  {
    form: RegExp(`^hour (\\d+) pays for ((?:${time}–${time}(?: and )?)+)$`),
    look(seen, [hour, stretches = '']) {
      const expected = stretches.split(' and ').map((stretch) => {
        const [startedAt = '', endedAt = ''] = stretch.split('–').map((at) => instantOf(seen, at));
        return { startedAt, endedAt };
      });
      const found = chargeOf(seen, hour)?.segments.map(({ startedAt, endedAt }) => ({
        startedAt,
        endedAt,
      }));
      return { expected, found };
    },
  },
  {
    form: /^the same session as before$/,
    look: ({ startedIds }) => ({ expected: startedIds.at(-2), found: startedIds.at(-1) }),
  },
];
