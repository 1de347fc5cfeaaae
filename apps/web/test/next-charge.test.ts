import { describe, expect, it } from 'vitest';
import { atPaidThrough } from '../src/lib/next-charge.ts';

const session = (fields: object = {}) => ({
  hoursCharged: 1,
  maxHours: null,
  hourEnd: 'continue' as const,
  rateCents: 1500,
  ...fields,
});

describe('atPaidThrough', () => {
  it('charges the next hour', () => {
    expect(atPaidThrough(session(), 1500)).toBe('charges');
  });

  it('ends where the balance can’t pay it', () => {
    expect(atPaidThrough(session(), 1499)).toBe('ends_without_balance');
  });

  it('lets the guards act before insolvency, the cap first', () => {
    expect(atPaidThrough(session({ hourEnd: 'pause' }), 0)).toBe('pauses');
    expect(atPaidThrough(session({ hourEnd: 'pause', maxHours: 1 }), 0)).toBe('ends_at_max_hours');
  });
});
