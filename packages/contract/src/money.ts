/**
 * Money is integers: US cents and Indian paise. 100 cents at a rate of 83 rupees a dollar are 8,300 paise, so cents
 * times the rate are paise exactly and no rounding exists.
 */
export const paiseOf = (cents: number, inrPerUsd: number): number => {
  const paise = cents * inrPerUsd;
  if (!Number.isSafeInteger(paise))
    throw new RangeError(`${cents} cents at ${inrPerUsd} is not whole paise`);
  return paise;
};

/** `150000` → `$1,500.00`; whole dollars lose their cents: `1500` → `$15`. */
export const formatUsd = (cents: number): string => format(cents, 'USD', 'en-US');

/** `830000` → `₹8,300`, grouped as in India: `83000000` → `₹8,30,000`. */
export const formatInr = (paise: number): string => format(paise, 'INR', 'en-IN');

function format(minor: number, currency: 'USD' | 'INR', locale: string): string {
  const digits = minor % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 100);
}
