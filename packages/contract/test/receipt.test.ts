import { describe, expect, test } from 'vitest';
import {
  formatBasisPoints,
  formatCents,
  formatIndianTime,
  formatPaise,
  isGstin,
  isPrintable,
  printableText,
  stateName,
  stateTaxName,
} from '../src/index.ts';

describe('amounts on receipts', () => {
  test.each([
    [0, '₹0.00'],
    [1, '₹0.01'],
    [830_000, '₹8,300.00'],
    [703_390, '₹7,033.90'],
    [10_000_000, '₹1,00,000.00'],
    [83_000_000, '₹8,30,000.00'],
    [1_234_567_890, '₹1,23,45,678.90'],
    [-83_000, '-₹830.00'],
  ])('%i paise are %s', (paise, text) => {
    expect(formatPaise(paise)).toBe(text);
  });

  test('cents and rates', () => {
    expect(formatCents(1_000_000)).toBe('$10,000.00');
    expect([1800, 25, 900, 12.5].map(formatBasisPoints)).toEqual(['18%', '0.25%', '9%', '0.125%']);
  });
});

test('times are those of India, whatever the reader’s zone', () => {
  expect(formatIndianTime('2026-11-22T10:00:00.000Z')).toBe('22 Nov 2026, 15:30:00 IST');
  expect(formatIndianTime('2026-03-31T18:30:00.000Z')).toBe('1 Apr 2026, 00:00:00 IST');
});

describe('identification numbers of taxpayers', () => {
  // Examples that validators elsewhere are published with.
  test.each(['27AAPFU0939F1ZV', '29AAGCB7383J1Z4'])('%s is one', (gstin) => {
    expect(isGstin(gstin)).toBe(true);
  });

  test.each([
    ['another check digit', '27AAPFU0939F1ZX'],
    ['two digits changed places', '27AAPFU9039F1ZV'],
    ['a state that does not exist', '99AAPFU0939F1ZV'],
    ['too short', '27AAPFU0939F1Z'],
    ['small letters', '27aapfu0939f1zv'],
    ['nothing', ''],
  ])('%s: none', (_what, gstin) => {
    expect(isGstin(gstin)).toBe(false);
  });

  test('a wrong letter anywhere is found', () => {
    const gstin = '27AAPFU0939F1ZV';
    for (const [index, letter] of [...gstin].entries()) {
      const others = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((one) => one !== letter);
      for (const other of others) {
        expect(isGstin(gstin.slice(0, index) + other + gstin.slice(index + 1)), other).toBe(false);
      }
    }
  });
});

test('states have names, and some are union territories', () => {
  expect([stateName('27'), stateName('97'), stateName('28')]).toEqual([
    'Maharashtra',
    'Other Territory',
    null,
  ]);
  expect(['27', '07', '34', '04', '38'].map(stateTaxName)).toEqual([
    'SGST',
    'SGST',
    'SGST',
    'UTGST',
    'UTGST',
  ]);
});

test('what the font lacks is a question mark', () => {
  expect(isPrintable('Société Générale, 12 ₹ – “ok”\nПётр')).toBe(true);
  expect(printableText('Re\u0301mi नमस्ते 日本 😀')).toBe('Rémi ?????? ?? ?');
});
