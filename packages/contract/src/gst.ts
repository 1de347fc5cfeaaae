/** States and union territories by the codes that India's GST gives them, as its portal lists them. */
const states: Readonly<Record<string, string>> = {
  '01': 'Jammu and Kashmir',
  '02': 'Himachal Pradesh',
  '03': 'Punjab',
  '04': 'Chandigarh',
  '05': 'Uttarakhand',
  '06': 'Haryana',
  '07': 'Delhi',
  '08': 'Rajasthan',
  '09': 'Uttar Pradesh',
  '10': 'Bihar',
  '11': 'Sikkim',
  '12': 'Arunachal Pradesh',
  '13': 'Nagaland',
  '14': 'Manipur',
  '15': 'Mizoram',
  '16': 'Tripura',
  '17': 'Meghalaya',
  '18': 'Assam',
  '19': 'West Bengal',
  '20': 'Jharkhand',
  '21': 'Odisha',
  '22': 'Chhattisgarh',
  '23': 'Madhya Pradesh',
  '24': 'Gujarat',
  '26': 'Dadra and Nagar Haveli and Daman and Diu',
  '27': 'Maharashtra',
  '29': 'Karnataka',
  '30': 'Goa',
  '31': 'Lakshadweep',
  '32': 'Kerala',
  '33': 'Tamil Nadu',
  '34': 'Puducherry',
  '35': 'Andaman and Nicobar Islands',
  '36': 'Telangana',
  '37': 'Andhra Pradesh',
  '38': 'Ladakh',
  '97': 'Other Territory',
};

/** Without a legislature of their own, so that the state's half of the tax is the Union's: UTGST instead of SGST. */
const unionTerritories = new Set(['04', '26', '31', '35', '38', '97']);

/** The name of a state by its code, `27` → `Maharashtra`; null when there is none. */
export const stateName = (code: string): string | null => states[code] ?? null;

/** What the state's half of the tax is called there. */
export const stateTaxName = (code: string): 'SGST' | 'UTGST' =>
  unionTerritories.has(code) ? 'UTGST' : 'SGST';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** State, PAN, number of the registration, a letter, check digit. */
const gstinShape = /^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z][0-9A-Z]{2}$/;

/** Is this the identification number of a taxpayer: its shape, its state, its check digit? */
export function isGstin(text: string): boolean {
  if (!gstinShape.test(text) || stateName(text.slice(0, 2)) === null) return false;
  return checkDigitOf(text.slice(0, -1)) === text.at(-1);
}

/** Luhn's algorithm to the base of 36: every second digit counts twice, and the digits of a product are added. */
function checkDigitOf(body: string): string | undefined {
  let sum = 0;
  for (const [index, character] of [...body].entries()) {
    const product = digits.indexOf(character) * (index % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / digits.length) + (product % digits.length);
  }
  return digits[(digits.length - (sum % digits.length)) % digits.length];
}
