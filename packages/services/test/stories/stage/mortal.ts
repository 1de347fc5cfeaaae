import type { Database } from '@hourly/db';
import type { PaymentGateway } from '../../../src/index.ts';
import type { Accident } from '../chapter.ts';

/** What a call of the database ends with when its connection breaks. */
export class Broken extends Error {
  override name = 'Broken';
}

/** What became of the work of a process. */
export type Outcome<Result> =
  | { is: 'done'; result: Result }
  | { is: 'failed'; error: unknown }
  | { is: 'dead' };

/** A process of the product that may die at any of its calls of the outside world. */
export interface Mortal {
  db: Database;
  payments: PaymentGateway;
  /** Whether its accident has happened. */
  isStruck(): boolean;
  /** Does its work, as far as it gets. What was under way in the outside world is over when this is answered. */
  live<Result>(work: () => Promise<Result>): Promise<Outcome<Result>>;
}

type Outside = <Result>(kind: 'db' | 'provider', work: () => Promise<Result>) => Promise<Result>;

/** @param accident how it ends; one that never makes so many calls survives */
export function createMortal(
  { db, payments }: { db: Database; payments: PaymentGateway },
  accident: Accident | null,
): Mortal {
  const fate = accident?.kind === 'outage' ? null : accident;
  const underWay = new Set<Promise<unknown>>();
  let calls = 0;
  let isStruck = false;
  let isDead = false;
  let die: (outcome: { is: 'dead' }) => void = () => {};
  const death = new Promise<{ is: 'dead' }>((resolve) => {
    die = resolve;
  });

  const strike = (): Promise<never> => {
    isStruck = true;
    if (fate?.kind === 'breaks') return Promise.reject(new Broken('the connection broke'));
    isDead = true;
    die({ is: 'dead' });
    return never();
  };
  const outside: Outside = async (kind, work) => {
    if (isDead) return never();
    const isCounted = fate?.kind === 'dies' || kind === 'db';
    if (isCounted) calls += 1;
    const isMine = isCounted && calls === fate?.call && !isStruck;
    if (isMine && fate?.when === 'before') return strike();
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
      if (isDead) await never();
      if (isMine && fate?.when === 'after') await strike();
    }
  };

  return {
    db: mortalDatabase(db, outside),
    payments: mortalGateway(payments, outside),
    isStruck: () => isStruck,
    async live(work) {
      const life = work().then(
        (result) => ({ is: 'done', result }) as const,
        (error: unknown) => ({ is: 'failed', error }) as const,
      );
      const outcome = await Promise.race([life, death]);
      await Promise.allSettled(underWay);
      return outcome;
    },
  };
}

/** Whoever waits for this is dead. */
const never = (): Promise<never> => new Promise(() => {});

function mortalDatabase(db: Database, outside: Outside): Database {
  const guard = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) =>
          outside('db', async () => await Reflect.apply(value, object, args));
      },
    });
  const { payment, refund, dispute, topup } = db.prisma;
  const models = {
    payment: guard(payment),
    refund: guard(refund),
    dispute: guard(dispute),
    topup: guard(topup),
  };
  return {
    ...db,
    pool: guard(db.pool),
    prisma: models as Partial<typeof db.prisma> as typeof db.prisma,
  };
}

function mortalGateway(gateway: PaymentGateway, outside: Outside): PaymentGateway {
  return new Proxy(gateway, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== 'function' || String(name).startsWith('is')) return value;
      return (...args: unknown[]) =>
        outside('provider', async () => await Reflect.apply(value, object, args));
    },
  });
}
