import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '@hourly/contract';
import type { Attempt } from './journey.ts';

const limitMs = 15_000;

/** The server went away, or is not there yet: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const lostCodes = [
  ...['57P01', '57P02', '57P03', '08006', '08P01'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE'],
];

/** Asks again whenever the connection was lost, and only then; `lost` is told of each time. */
export function untilAnswered(lost: () => void = () => {}): Attempt {
  return async (call) => {
    const deadline = performance.now() + limitMs;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!isLost(error) || performance.now() > deadline) throw error;
        lost();
        await pause(5);
      }
    }
  };
}

/** Whether nobody knows what became of the call. Everything else is an answer. */
export function isLost(error: unknown): boolean {
  const cause = error instanceof Refusal && error.reason === 'INTERNAL' ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return lostCodes.includes(code ?? '') || cause.message.startsWith('Connection terminated');
}
