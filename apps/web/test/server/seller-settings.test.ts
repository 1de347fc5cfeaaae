import { describe, expect, test } from 'vitest';
import { parseWebEnv } from '../../src/server/env.ts';
import { demoEnvironment } from './environment.ts';

const name = {
  HOURLY_SELLER_NAME: 'Hourly Labs Private Limited',
  HOURLY_SELLER_ADDRESS: '12 MG Road\\nPune 411001',
};
const gst = {
  ...name,
  HOURLY_SELLER_GSTIN: '27AAPFU0939F1ZV',
  HOURLY_GST_RATE_BASIS_POINTS: '1800',
  HOURLY_SAC_CODE: '998314',
};
const parse = (variables: Record<string, string | undefined>) =>
  parseWebEnv({ ...demoEnvironment, ...variables });

describe('who stands on receipts', () => {
  test('is nobody without settings, nor with empty ones', () => {
    expect(parse({}).seller).toBeNull();
    expect(parse({ HOURLY_SELLER_NAME: ' ', HOURLY_SAC_CODE: '' }).seller).toBeNull();
  });

  test('is a seller without GST by name and address', () => {
    expect(parse(name).seller).toEqual({
      name: 'Hourly Labs Private Limited',
      address: '12 MG Road\nPune 411001',
      tax: null,
    });
  });

  test('is a seller with GST, who supplies at home unless told otherwise', () => {
    const tax = { gstin: '27AAPFU0939F1ZV', basisPoints: 1800, sacCode: '998314' };
    expect(parse(gst).seller?.tax).toEqual({ ...tax, placeOfSupply: '27' });
    expect(parse({ ...gst, HOURLY_PLACE_OF_SUPPLY: '29' }).seller?.tax).toEqual({
      ...tax,
      placeOfSupply: '29',
    });
  });

  test.each([
    [{ HOURLY_SELLER_NAME: 'x' }, 'missing HOURLY_SELLER_ADDRESS (HOURLY_SELLER_NAME is set)'],
    [
      { ...gst, HOURLY_SAC_CODE: undefined },
      'missing HOURLY_SAC_CODE (HOURLY_SELLER_NAME, HOURLY_SELLER_ADDRESS, HOURLY_SELLER_GSTIN, HOURLY_GST_RATE_BASIS_POINTS is set)',
    ],
    [
      { HOURLY_PLACE_OF_SUPPLY: '27' },
      'missing HOURLY_SELLER_NAME, HOURLY_SELLER_ADDRESS, HOURLY_SELLER_GSTIN, HOURLY_GST_RATE_BASIS_POINTS, HOURLY_SAC_CODE (HOURLY_PLACE_OF_SUPPLY is set)',
    ],
    [{ ...gst, HOURLY_SELLER_GSTIN: '27AAPFU0939F1ZX' }, 'HOURLY_SELLER_GSTIN: is no GSTIN'],
    [{ ...gst, HOURLY_GST_RATE_BASIS_POINTS: '18%' }, 'HOURLY_GST_RATE_BASIS_POINTS: is no rate'],
    [{ ...gst, HOURLY_GST_RATE_BASIS_POINTS: '0' }, 'HOURLY_GST_RATE_BASIS_POINTS: is no rate'],
    [{ ...gst, HOURLY_GST_RATE_BASIS_POINTS: '10001' }, 'HOURLY_GST_RATE_BASIS_POINTS: is no rate'],
    [{ ...gst, HOURLY_SAC_CODE: '1234' }, 'HOURLY_SAC_CODE: is no code'],
    [{ ...gst, HOURLY_PLACE_OF_SUPPLY: '28' }, "HOURLY_PLACE_OF_SUPPLY: is no state's code"],
    [
      { ...name, HOURLY_SELLER_ADDRESS: 'पुणे' },
      'HOURLY_SELLER_ADDRESS: has letters that receipts cannot print',
    ],
    [{ ...name, HOURLY_SELLER_NAME: 'a\\nb' }, 'HOURLY_SELLER_NAME: has more than one line'],
    [{ ...name, HOURLY_SELLER_ADDRESS: 'x'.repeat(301) }, 'is longer than 300 characters'],
  ])('%o is refused: %s', (variables, message) => {
    expect(() => parse(variables)).toThrow(message);
  });
});
