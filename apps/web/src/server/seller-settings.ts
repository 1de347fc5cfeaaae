import { isGstin, isPrintable, stateName } from '@hourly/contract';
import type { Seller } from '@hourly/db';

/** Who sells, as the environment says it: for receipts. */
export interface SellerVariables {
  HOURLY_SELLER_NAME?: string | undefined;
  HOURLY_SELLER_ADDRESS?: string | undefined;
  HOURLY_SELLER_GSTIN?: string | undefined;
  HOURLY_GST_RATE_BASIS_POINTS?: string | undefined;
  HOURLY_SAC_CODE?: string | undefined;
  HOURLY_PLACE_OF_SUPPLY?: string | undefined;
}

/** Without these, receipts carry no seller of their own. */
const nameSet = ['HOURLY_SELLER_NAME', 'HOURLY_SELLER_ADDRESS'] as const;
/** With these as well, they are receipt vouchers under GST. */
const taxSet = [
  ...nameSet,
  'HOURLY_SELLER_GSTIN',
  'HOURLY_GST_RATE_BASIS_POINTS',
  'HOURLY_SAC_CODE',
] as const;

/** Says nothing without the set before it. */
const companion = 'HOURLY_PLACE_OF_SUPPLY' as const;

const longestText = 300;
const mostAddressLines = 6;
const highestBasisPoints = 10_000;

/** What is missing or wrong, one sentence each. */
export function sellerProblems(env: SellerVariables): string[] {
  const given = [...taxSet, companion].filter((name) => env[name] !== undefined);
  if (given.length === 0) return [];
  // The set that is meant, by what is set of it.
  const meant = given.every((name) => name === nameSet[0] || name === nameSet[1])
    ? nameSet
    : taxSet;
  const missing = meant.filter((name) => env[name] === undefined);
  return [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')} (${given.join(', ')} is set)`] : []),
    ...textProblems('HOURLY_SELLER_NAME', env.HOURLY_SELLER_NAME, 1),
    ...textProblems('HOURLY_SELLER_ADDRESS', env.HOURLY_SELLER_ADDRESS, mostAddressLines),
    ...taxProblems(env),
  ];
}

function textProblems(name: keyof SellerVariables, text: string | undefined, mostLines: number) {
  if (text === undefined) return [];
  const lines = linesOf(text);
  if (lines.length > mostLines)
    return [`${name}: has more than ${mostLines === 1 ? 'one line' : `${mostLines} lines`}`];
  if (text.length > longestText) return [`${name}: is longer than ${longestText} characters`];
  return isPrintable(text) ? [] : [`${name}: has letters that receipts cannot print`];
}

function taxProblems(env: SellerVariables): string[] {
  const wrong: [keyof SellerVariables, (value: string) => boolean, string][] = [
    [
      'HOURLY_SELLER_GSTIN',
      isGstin,
      'is no GSTIN: its state, its shape or its check digit is wrong',
    ],
    ['HOURLY_GST_RATE_BASIS_POINTS', isRate, 'is no rate: 1800 stands for 18 %'],
    ['HOURLY_SAC_CODE', (value) => /^99\d{4}$/.test(value), 'is no code of a service: 998314'],
    [
      'HOURLY_PLACE_OF_SUPPLY',
      (value) => stateName(value) !== null,
      "is no state's code: 27 is Maharashtra",
    ],
  ];
  return wrong.flatMap(([name, isRight, what]) => {
    const value = env[name];
    return value === undefined || isRight(value) ? [] : [`${name}: ${what}`];
  });
}

const isRate = (value: string): boolean =>
  /^[1-9]\d{0,4}$/.test(value) && Number(value) <= highestBasisPoints;

/** Env files often carry an address in one line, its line breaks written as `\n`. */
const linesOf = (text: string): string[] =>
  text
    .replaceAll('\\n', '\n')
    .split('\n')
    .flatMap((line) => line.trim() || []);

/** The seller of an environment without problems; null when nobody is set. */
export function sellerOf(env: SellerVariables): Seller | null {
  const { HOURLY_SELLER_NAME: name, HOURLY_SELLER_ADDRESS: address } = env;
  if (name === undefined || address === undefined) return null;
  const { HOURLY_SELLER_GSTIN: gstin, HOURLY_SAC_CODE: sacCode } = env;
  const tax =
    gstin === undefined || sacCode === undefined
      ? null
      : {
          gstin,
          basisPoints: Number(env.HOURLY_GST_RATE_BASIS_POINTS),
          sacCode,
          // Customers without an address on record are supplied where the seller is:
          // section 12(2)(b) of India's Integrated Goods and Services Tax Act, 2017.
          placeOfSupply: env.HOURLY_PLACE_OF_SUPPLY ?? gstin.slice(0, 2),
        };
  return { name, address: linesOf(address).join('\n'), tax };
}
