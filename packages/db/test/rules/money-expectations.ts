import { minorUnits } from './money.ts';
import type { Expectation } from './seen.ts';

/** What a line may say about the balance, the commitment, top-ups and the ledger. */
export const moneyExpectations: Expectation[] = [
  {
    form: /^balance (-?[$₹]\S+)$/,
    look: ({ balance }, [amount = '']) => ({
      expected: minorUnits(amount),
      found: amount.includes('₹') ? balance.balanceInrPaise : balance.balanceCents,
    }),
  },
  {
    form: /^pays for (\d+) more hours?$/,
    look: ({ balance }, [hours]) => ({ expected: Number(hours), found: balance.hoursRemaining }),
  },
  {
    form: /^refundable (\$\S+)$/,
    look: ({ balance }, [amount = '']) => ({
      expected: minorUnits(amount),
      found: balance.refundableCents,
    }),
  },
  {
    form: /^(\d+) of (\d+) committed hours used$/,
    look({ balance: { commitment } }, [used, hours]) {
      return {
        expected: [Number(used), Number(hours)],
        found: [commitment.hoursUsed, commitment.hours],
      };
    },
  },
  {
    form: /^(\$\S+) still committed$/,
    look: ({ balance }, [amount = '']) => ({
      expected: minorUnits(amount),
      found: balance.commitment.remainingCents,
    }),
  },
  {
    form: /^(not )?frozen$/,
    look: ({ balance }, [not]) => ({ expected: not === undefined, found: balance.frozen }),
  },
  {
    form: /^books (topup|hour|refund|dispute|adjustment|promo) ([+-]\$\S+)(?: as entry (\d+))?$/,
    look({ entries }, [type, amount = '', entryNo]) {
      const entry = entries.find(
        (one) => one.type === type && one.amountCents === minorUnits(amount),
      );
      return {
        expected: [type, minorUnits(amount), Number(entryNo ?? entry?.entryNo)],
        found: entry ? [entry.type, entry.amountCents, entry.entryNo] : entries,
      };
    },
  },
  { form: /^books nothing$/, look: ({ entries }) => ({ expected: [], found: entries }) },
  {
    form: /^top-up (created|paid|failed|expired|refunded)$/,
    async look({ db, accountId }, [status]) {
      const topup = await db.prisma.topup.findFirstOrThrow({
        where: { accountId: BigInt(accountId) },
        orderBy: { topupNo: 'desc' },
      });
      return { expected: status, found: topup.status };
    },
  },
  {
    form: /^costs (₹\S+)$/,
    look: ({ answer }, [amount = '']) => ({
      expected: { amountInrPaise: minorUnits(amount) },
      found: { amountInrPaise: (answer as { amountInrPaise?: unknown }).amountInrPaise },
    }),
  },
];
