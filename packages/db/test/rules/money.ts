const form = /^([+-]?)[$₹](\d{1,3}(?:,\d{2,3})*|\d+)(?:\.(\d\d))?$/;

/** `$1,500.50`, `-$15` or `₹8,300` in cents or paise. */
export function minorUnits(text: string): number {
  const match = form.exec(text);
  if (match === null) throw new Error(`no amount of money: ${text}`);
  const [, sign, whole = '', cents = '00'] = match;
  return Number(`${sign === '-' ? '-' : ''}${whole.replaceAll(',', '')}${cents}`);
}
