import { expect, test } from 'vitest';
import { explainSession } from '../src/explain.ts';
import { microsOf } from '../src/explain-length.ts';
import type { Charge, SessionDetail } from '../src/session.ts';
import { instant, type Stretch, sessionDetailOf, us } from './support/session-detail.ts';

const sessions = 200;

/** Numbers below 1 that look random and are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A session that may be: odd stretches, some of nothing, whole hours, gaps of days. */
function randomSession(seed: number): SessionDetail {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const lengths = [() => 0, () => 1, () => below(us(0, 2)), () => us(1), () => below(us(9))];
  const stretches: Stretch[] = [];
  let atUs = 0;
  let activeUs = 0;
  for (let n = below(6); n >= 0; n -= 1) {
    const lengthUs = lengths[below(lengths.length)]?.() ?? 0;
    stretches.push({ fromUs: atUs, toUs: atUs + lengthUs });
    activeUs += lengthUs;
    atUs += lengthUs + below(us(50));
  }
  const state = (['active', 'paused', 'ended'] as const)[below(3)] ?? 'active';
  const last = stretches.at(-1);
  const nowUs = last?.toUs ?? 0;
  if (state === 'active' && last) last.toUs = null;
  const hours = Math.max(1, Math.ceil(activeUs / us(1)) + below(2));
  const triggers = Array.from({ length: hours }, (_, index): Charge['trigger'] =>
    index === 0 ? 'start' : ((['resume', 'settlement', 'call'] as const)[below(3)] ?? 'call'),
  );
  const rateCents = 1 + below(99_999);
  return sessionDetailOf({
    stretches,
    triggers,
    nowUs,
    rateCents,
    balanceCents: hours * rateCents + below(1_000_000),
    otherCents: { [2 + below(3)]: below(50_000), 5: -below(500) },
    session:
      state === 'ended'
        ? { status: state, endReason: 'user', endedAt: instant(nowUs) }
        : { status: state, pauseReason: state === 'paused' ? 'user' : null },
  });
}

const usOf = (shown: string): number => {
  const parts = shown.replace(/ (s|min|h)$/, '').split(':');
  return parts.reduce((sum, part) => sum * 60 + microsOf(Number(part)), 0);
};

const centsOf = (shown: string): number => Math.round(Number(shown.replaceAll(/[$,+]/g, '')) * 100);

/** Everything that `pattern` finds in the text, its groups only. */
const found = (text: string, pattern: RegExp): string[][] =>
  [...text.matchAll(pattern)].map(([, ...groups]) => groups);

const money = String.raw`(\$[\d,.]+)`;
const length = String.raw`([\d:.]+ (?:s|min|h))`;
const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

test('whoever adds up what the text says comes to what the session says', () => {
  for (let seed = 1; seed <= sessions; seed += 1) {
    const detail = randomSession(seed);
    const text = explainSession(detail);
    const where = `seed ${seed}\n${text}`;

    const hours = text.split(/\n\n/).filter((part) => part.startsWith('Hour '));
    expect(hours, where).toHaveLength(detail.hoursCharged);
    let activeUs = 0;
    let costCents = 0;
    hours.forEach((hour, index) => {
      const charge = detail.charges[index];
      const [[amount = '', together = ''] = []] = found(
        hour,
        RegExp(`: ${money}, ${money} so far`, 'g'),
      );
      costCents += centsOf(amount);
      expect(centsOf(amount), where).toBe(charge?.amountCents);
      expect(centsOf(together), where).toBe(costCents);

      const pieces = found(hour, RegExp(`: ${length}, ${length} so far`, 'g'));
      expect(
        pieces.map(([piece = '']) => usOf(piece)),
        where,
      ).toEqual(charge?.segments.map(({ seconds }) => microsOf(seconds)));
      for (const [piece = '', soFar = ''] of pieces) {
        activeUs += usOf(piece);
        expect(usOf(soFar), where).toBe(activeUs);
      }
      if (index < hours.length - 1 && activeUs < microsOf(detail.activeSeconds)) {
        expect(activeUs, where).toBe(us(index + 1));
      }

      const [balance = []] = found(hour, RegExp(`balance  ${money} - ${money} = ${money} `, 'g'));
      const [before = 0, taken = 0, after = 0] = balance.map(centsOf);
      expect(before - taken, where).toBe(after);
      expect([before, after], where).toEqual([
        charge?.balanceBeforeCents,
        charge?.balanceAfterCents,
      ]);
      const previous = detail.charges[index - 1]?.balanceAfterCents ?? before;
      const others = found(hour, RegExp(`\\(([+-]${money.slice(1)}\\)`, 'g'));
      expect(previous + sum(others.map(([other = '']) => centsOf(other))), where).toBe(before);
    });

    const [[count, rate = '', cost = '', active = ''] = []] = found(
      text,
      RegExp(`Total: (\\d+) hours? x ${money} = ${money} for ${length} of active time`, 'g'),
    );
    expect(Number(count) * centsOf(rate), where).toBe(centsOf(cost));
    expect(centsOf(cost), where).toBe(costCents);
    expect(costCents, where).toBe(detail.costCents);
    expect(usOf(active), where).toBe(activeUs);
    expect(activeUs, where).toBe(microsOf(detail.activeSeconds));
    const [[unused = '0 s'] = []] = found(
      text,
      RegExp(`Paid and not used(?: yet)?: ${length}`, 'g'),
    );
    expect(activeUs + usOf(unused), where).toBe(us(detail.hoursCharged));
  }
});
