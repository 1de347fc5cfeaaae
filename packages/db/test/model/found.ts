import type { Schedule } from './driver/commands.ts';

interface Found {
  /** What has to hold, and did not. */
  what: string;
  schedule: Schedule;
}

const now = { who: 0, when: { to: 'later', us: 0 }, key: null } as const;
const minutesUs = (n: number): number => n * 60_000_000;

const rich = {
  mode: 'live',
  paidInCents: 0,
  balanceCents: 60_000,
  start: { plan: 'hourly_standard', maxHours: null, hourEnd: 'continue', autoPauseMinutes: null },
} as const;

/** Shrunken schedules on which the database was wrong. */
export const found: Found[] = [
  {
    // It was cancelled, and no generation.failed was told.
    what: 'a generation that is cancelled after its 15 minutes has timed out',
    schedule: {
      accounts: [rich],
      commands: [
        { ...now, do: 'generate', named: 'none', nudge: false },
        { ...now, when: { to: 'later', us: minutesUs(15) }, do: 'cancel', nth: 0 },
      ],
    },
  },
  {
    // The code was the provider's.
    what: 'a failure that is heard of after the 15 minutes is a timeout',
    schedule: {
      accounts: [rich],
      commands: [
        { ...now, do: 'generate', named: 'none', nudge: false },
        { ...now, when: { to: 'deadline', us: 0 }, do: 'finish', nth: 0, as: 'failed' },
      ],
    },
  },
  {
    // A charge's balance.low carried the whole balance, that of any other debit lacked the mode.
    what: 'balance.low carries the whole balance, whatever lowered it',
    schedule: {
      accounts: [rich],
      commands: [{ ...now, do: 'adjust', type: 'adjustment', cents: 1, isTarget: true }],
    },
  },
];
