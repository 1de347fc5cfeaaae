import { realClock } from '../simulation/time.ts';

/** Where the simulation and the database do not agree. */
export class Disagreement extends Error {
  constructor(where: string, expected: unknown, found: unknown) {
    super(`${where}: expected ${show(expected)}, found ${show(found)}`);
    this.name = 'Disagreement';
  }
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'nothing';

/**
 * Compares what the database answers with what the simulation expects. Ids of the simulation stand for those that the
 * database has chosen: the first pair of them that meets belongs together from then on.
 */
export class Comparison {
  readonly #realOf = new Map<string, string>();
  readonly #simulatedOf = new Map<string, string>();

  bind(simulated: string, real: string): void {
    this.#realOf.set(simulated, real);
    this.#simulatedOf.set(real, simulated);
  }

  /** The database's id of what the simulation calls so. */
  realOf(simulated: string): string {
    const real = this.#realOf.get(simulated);
    if (real === undefined) throw new Error(`${simulated} was never met`);
    return real;
  }

  /** @throws {Disagreement} at the first difference; a field more or less is one */
  same(where: string, expected: unknown, found: unknown): void {
    if (Array.isArray(expected)) {
      this.#sameLists(where, expected, found);
    } else if (typeof expected === 'object' && expected !== null) {
      this.#sameObjects(where, expected as Record<string, unknown>, found);
    } else if (expected === realClock) {
      if (!isRecent.test(String(found))) throw new Disagreement(where, expected, found);
    } else if (expected !== found && !this.#isSameId(expected, found)) {
      throw new Disagreement(where, expected, found);
    }
  }

  #sameLists(where: string, expected: unknown[], found: unknown): void {
    if (!Array.isArray(found)) throw new Disagreement(where, expected, found);
    for (const [index, item] of expected.entries()) {
      if (index < found.length) this.same(`${where}[${index}]`, item, found[index]);
    }
    if (expected.length !== found.length) throw new Disagreement(where, expected, found);
  }

  #sameObjects(where: string, expected: Record<string, unknown>, found: unknown): void {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) {
      throw new Disagreement(where, expected, found);
    }
    const fields = found as Record<string, unknown>;
    for (const [name, value] of Object.entries(expected)) {
      this.same(`${where}.${name}`, value, name in fields ? fields[name] : 'no such field');
    }
    for (const name of Object.keys(fields)) {
      if (!(name in expected)) throw new Disagreement(`${where}.${name}`, undefined, fields[name]);
    }
  }

  #isSameId(expected: unknown, found: unknown): boolean {
    if (typeof expected !== 'string' || typeof found !== 'string') return false;
    const real = this.#realOf.get(expected);
    if (real !== undefined) return real === found;
    if (!isSimulatedId.test(expected) || this.#simulatedOf.has(found)) return false;
    this.bind(expected, found);
    return true;
  }
}

/** Schedules lie in the past. */
const isRecent = /^20(2[5-9]|[3-9]\d)-\d\d-\d\dT/;
const isSimulatedId = /^account-\d+-[a-z]+-\d+$/;
