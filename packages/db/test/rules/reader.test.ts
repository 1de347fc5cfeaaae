import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimsWithoutExample, readDocument } from './read-document.ts';
import { readExample, runExample } from './run-example.ts';

const exampleOf = (...lines: string[]) => ({
  line: 1,
  steps: lines.map((text, index) => ({ line: index + 1, text })),
});

describe('a document', () => {
  const fence = '```';

  test.each([
    ['a block of another kind', `# T\n${fence}sh\nls\n${fence}`],
    ['a block that is never closed', `# T\n${fence}example\n00:00 look`],
    ['text before the first heading', 'Hello\n# T'],
    ['a row without a length of time', '# T\n| 5 apples | none | 1 hour = $15 |'],
  ])('with %s cannot be read', (_, text) => {
    expect(() => readDocument(text)).toThrow(/line \d/);
  });

  test('names what its examples do not show', () => {
    const prose = 'From $15 to $1,000.50, or ₹83: `NOT_FOUND`, `NO_OPEN_SESSION`. It is $15.';
    const example = `${fence}example\n00:00 look → balance $150, refused: NO_OPEN_SESSION\n${fence}`;
    const [section] = readDocument(`# T\n${prose}\n${example}`);
    if (section === undefined) return expect.fail('no section');
    expect(claimsWithoutExample(section)).toEqual(['$15', '$1,000.50', '₹83', 'NOT_FOUND', '$15']);
  });
});

describe('a line', () => {
  test.each([
    '00:00 dance → balance $0',
    '00:00 start with maxMinutes 2 → balance $0',
    '00:00 top up 100 → balance $100',
    '00:00 look → balance',
    '00:00 look → it is all fine',
    '00:00 look → balance $0 → balance $0',
    '24:00 look → balance $0',
    '0:30 look → balance $0',
    'after 3 weeks look → balance $0',
    'on a sunny day → balance $0',
  ])('that reads %s is a mistake', async (line) => {
    await expect(runExample(db, exampleOf(line))).rejects.toThrow();
  });

  test('names its place', () => {
    expect(() => readExample(exampleOf('00:00 look → balance $0', '00:01 dance'))).toThrow(
      /line 2: 00:01 dance/,
    );
  });

  test('does not go back in time', () => {
    const back = exampleOf('00:10 look', '00:09 look → balance $0');
    expect(() => readExample(back)).toThrow('before the line above');
  });

  test('alone, without an expectation, proves nothing', () => {
    expect(() => readExample(exampleOf('00:00 look'))).toThrow('expects nothing');
  });
});

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** What is so after 90 minutes of a session, and what is not. */
const claims: [string, string][] = [
  ['active', 'paused (user)'],
  ['active', 'active (user)'],
  ['charged 2 hours = $30', 'charged 1 hour = $30'],
  ['charged 2 hours = $30', 'charged 2 hours = $15'],
  ['used 1 h 30 min', 'used 1 h 30 min 1 µs'],
  ['30 min left', 'nothing left'],
  ['paid through 02:00', 'paid through 02:00:00.001'],
  ['hour 2 due at 01:00', 'hour 2 due at 01:30'],
  ['hour 1 due at 00:00', 'hour 3 due at 02:00'],
  ['hour 2 by call', 'hour 2 by settlement'],
  ['hour 1 pays for 00:00–01:00', 'hour 1 pays for 00:00–01:30'],
  ['hour 1 pays for 00:00–01:00', 'hour 1 pays for 00:00–00:30 and 00:30–01:00'],
  ['balance $70', 'balance $70.01'],
  ['balance ₹5,810', 'balance ₹70'],
  ['pays for 4 more hours', 'pays for 5 more hours'],
  ['refundable $10', 'refundable $0'],
  ['2 of 6 committed hours used', '1 of 6 committed hours used'],
  ['$60 still committed', '$90 still committed'],
  ['not frozen', 'frozen'],
  ['books hour -$15', 'books hour +$15'],
  ['books hour -$15 as entry 3', 'books hour -$15 as entry 2'],
  ['books hour -$15', 'books nothing'],
  ['event session.hour_charged', 'no event session.hour_charged'],
  ['no event balance.low', 'event balance.low'],
  ['top-up paid', 'top-up created'],
  ['it is 01:30 in UTC', 'it is 01:30 in Asia/Kolkata'],
  ['active', 'no open session'],
  ['active', 'refused: NO_OPEN_SESSION'],
];

test.each(claims)('%s: it would be noticed if that were wrong: %s', async (right, wrong) => {
  const seeing = (claim: string) =>
    runExample(db, exampleOf('00:00 top up $100', '00:00 start', `01:30 look → ${claim}`));
  await seeing(right);
  await expect(seeing(wrong)).rejects.toThrow('line 3: 01:30 look');
});

test.each([
  ['a refusal that is not expected', ['00:00 start → balance $0']],
  ['another refusal', ['00:00 start → refused: ACCOUNT_FROZEN']],
  ['another amount of a refusal', ['00:00 start → refused: INSUFFICIENT_BALANCE (needs $16)']],
  ['a row more than is said', ['00:00 top up $100', '00:00 start', '03:00 look → books hour -$15']],
  ['a clock that says another time', ['a test account', '00:01 top up $100 → balance $100']],
  [
    'another stop',
    ['00:00 top up $100', '00:00 start', '00:20 pause', '00:30 look → paused (user) at 00:21'],
  ],
  [
    'a new session instead of the same',
    ['00:00 top up $100', '00:00 start', '00:01 end', '00:02 start → the same session as before'],
  ],
])('%s is noticed', async (_, lines) => {
  await expect(runExample(db, exampleOf(...lines))).rejects.toThrow();
});
