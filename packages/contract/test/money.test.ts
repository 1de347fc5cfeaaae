import { describe, expect, test } from 'vitest';
import { formatInr, formatUsd, paiseOf } from '../src/money.ts';

describe('paise', () => {
  test.each([
    [0, 83, 0],
    [1, 83, 83],
    [10_000, 83, 830_000],
    [9999, 83, 829_917],
    [1_000_000, 83, 83_000_000],
    [-7000, 83, -581_000],
  ])('%i cents at %i are %i paise, exactly', (cents, rate, paise) => {
    expect(paiseOf(cents, rate)).toBe(paise);
  });

  test.each([
    [0.1, 83],
    [1, 83.005],
    [Number.NaN, 83],
    [Number.POSITIVE_INFINITY, 83],
    [Number.MAX_SAFE_INTEGER, 83],
  ])('%d cents at %d are refused', (cents, rate) => {
    expect(() => paiseOf(cents, rate)).toThrow(RangeError);
  });
});

test.each([
  [0, '$0'],
  [1, '$0.01'],
  [99, '$0.99'],
  [1500, '$15'],
  [1505, '$15.05'],
  [150_000, '$1,500'],
  [150_050, '$1,500.50'],
  [-7000, '-$70'],
  [-1, '-$0.01'],
  [999_999_999_99, '$999,999,999.99'],
])('%i cents are shown as %s', (cents, shown) => {
  expect(formatUsd(cents)).toBe(shown);
});

test.each([
  [0, '₹0'],
  [83, '₹0.83'],
  [830_000, '₹8,300'],
  [829_917, '₹8,299.17'],
  [83_000_000, '₹8,30,000'],
  [8_300_000_000, '₹8,30,00,000'],
  [-581_000, '-₹5,810'],
])('%i paise are shown as %s, grouped as in India', (paise, shown) => {
  expect(formatInr(paise)).toBe(shown);
});
