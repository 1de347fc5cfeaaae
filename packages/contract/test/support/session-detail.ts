import type { Charge, Segment, SessionDetail } from '../../src/session.ts';

const HOUR_US = 3_600_000_000;
const DAY_START_US = Date.parse('2026-03-02T10:00:00Z') * 1000;

/** A stretch of active time, in microseconds after the start; it goes on until `nowUs` without an end. */
export interface Stretch {
  fromUs: number;
  toUs: number | null;
}

export interface Story {
  stretches: Stretch[];
  /** Why each hour was charged; as many as hours were. */
  triggers: Charge['trigger'][];
  balanceCents?: number;
  rateCents?: number;
  /** What other entries did to the balance before hour n, by n. */
  otherCents?: Record<number, number>;
  nowUs?: number;
  session?: Partial<SessionDetail>;
}

export const us = (hours: number, minutes = 0, seconds = 0, micros = 0): number =>
  hours * HOUR_US + minutes * 60_000_000 + seconds * 1_000_000 + micros;

/** As answers show it: milliseconds, what is finer cut off. */
export const instant = (afterStartUs: number): string =>
  new Date(Math.floor((DAY_START_US + afterStartUs) / 1000)).toISOString();

/** What the database answers about such a session. */
export function sessionDetailOf(story: Story): SessionDetail {
  const { stretches, triggers, rateCents = 1500 } = story;
  const nowUs = story.nowUs ?? stretches.at(-1)?.toUs ?? 0;
  const lengths = stretches.map(({ fromUs, toUs }) => (toUs ?? nowUs) - fromUs);
  const activeUs = lengths.reduce((sum, length) => sum + length, 0);
  let balanceCents = story.balanceCents ?? 10_000;
  const charges = triggers.map((trigger, index): Charge => {
    balanceCents += story.otherCents?.[index + 1] ?? 0;
    const segments = piecesOf(stretches, nowUs, index + 1);
    const balanceBeforeCents = balanceCents;
    balanceCents -= rateCents;
    return {
      hour: index + 1,
      amountCents: rateCents,
      dueAt: trigger === 'start' ? instant(0) : (segments[0]?.startedAt ?? instant(nowUs)),
      trigger,
      balanceBeforeCents,
      balanceAfterCents: balanceCents,
      entryNo: index + 2,
      segments,
    };
  });
  return {
    id: '5e55105e-0000-4000-8000-000000000001',
    status: 'active',
    plan: 'hourly_standard',
    rateCents,
    startedAt: instant(0),
    endedAt: null,
    endReason: null,
    pauseReason: null,
    paidThrough: null,
    activeSeconds: activeUs / 1e6,
    hoursCharged: triggers.length,
    costCents: triggers.length * rateCents,
    generationCount: 0,
    maxHours: null,
    hourEnd: 'continue',
    autoPauseMinutes: null,
    serverTime: instant(nowUs),
    segments: stretches.map(({ fromUs, toUs }, index) =>
      segmentOf(fromUs, toUs, (lengths[index] ?? 0) / 1e6),
    ),
    charges,
    ...story.session,
  };
}

/** The active time that hour n pays for: what lies between n-1 and n hours of it. */
function piecesOf(stretches: Stretch[], nowUs: number, hour: number): Segment[] {
  let beforeUs = 0;
  return stretches.flatMap(({ fromUs, toUs }) => {
    const lengthUs = (toUs ?? nowUs) - fromUs;
    const skipUs = Math.max(0, (hour - 1) * HOUR_US - beforeUs);
    const pieceUs = Math.min(lengthUs, hour * HOUR_US - beforeUs) - skipUs;
    const isOpen = toUs === null && beforeUs + lengthUs < hour * HOUR_US;
    beforeUs += lengthUs;
    if (pieceUs < 0 || (pieceUs === 0 && !isOpen)) return [];
    const pieceFromUs = fromUs + skipUs;
    return [segmentOf(pieceFromUs, isOpen ? null : pieceFromUs + pieceUs, pieceUs / 1e6)];
  });
}

const segmentOf = (fromUs: number, toUs: number | null, seconds: number): Segment => ({
  startedAt: instant(fromUs),
  endedAt: toUs === null ? null : instant(toUs),
  seconds,
});
