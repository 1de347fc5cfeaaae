import { describe, expect, it } from 'vitest';
import { intentFor } from '../src/lib/intent-key.ts';

describe('intentFor', () => {
  const keys = ['a', 'b'];
  const makeKey = () => keys.shift() ?? 'none';

  it('keeps the key while the same thing is asked again, and takes a new one for another', () => {
    const first = intentFor(null, { to: 'paused' }, makeKey);
    expect(intentFor(first, { to: 'paused' }, makeKey)).toBe(first);
    expect(intentFor(first, { to: 'active' }, makeKey).key).toBe('b');
  });
});
