import { expect, test } from 'vitest';
import { cookieOf } from '../../src/server/auth/cookie-header.ts';

test.each<[string | null, string | undefined]>([
  [null, undefined],
  ['', undefined],
  ['a=1', '1'],
  ['b=2; a=1', '1'],
  ['a=1; a=2', '1'],
  ['ba=2', undefined],
  ['a', undefined],
  ['a=x=y', 'x=y'],
])('%s', (header, value) => expect(cookieOf(header, 'a')).toBe(value));
