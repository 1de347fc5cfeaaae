/** 32 bits that depend on every character of the text (FNV-1a, then mixed once more). */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * A number in [0, 1) that depends on nothing but what is given. A plan that draws by the name of
 * what it decides about and a count of its own comes out the same whatever else happens meanwhile.
 */
export function draw(seed: number, key: string, nth: number): number {
  return hash(`${seed} ${key} ${nth}`) / 2 ** 32;
}

/** The items in an order that depends on the seed alone. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, nth) => ({ item, rank: draw(seed, 'shuffle', nth) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** The first of the named shares that the number falls into, or null beyond their sum. */
export function pick<Name extends string>(
  number: number,
  shares: readonly (readonly [Name, number])[],
): Name | null {
  let sum = 0;
  for (const [name, share] of shares) {
    sum += share;
    if (number < sum) return name;
  }
  return null;
}
