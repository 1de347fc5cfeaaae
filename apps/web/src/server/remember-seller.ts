import { setTimeout as pause } from 'node:timers/promises';
import { setSeller } from '@hourly/db';
import { serviceContext } from './api.ts';
import { webEnv } from './env.ts';

const mostAttempts = 200;
const firstDelayMs = 1000;
const longestDelayMs = 60_000;

/**
 * Stores who sells, as this process is configured: receipts of what is paid from now on carry it. Tries again in the
 * background for about three hours when the database does not answer.
 *
 * @returns when it was tried for the first time
 */
export async function rememberSeller(): Promise<void> {
  if (await tryOnce()) return;
  void tryAgain();
}

async function tryOnce(): Promise<boolean> {
  const { db, log } = serviceContext();
  try {
    await setSeller(db, webEnv().seller);
    return true;
  } catch (error) {
    log.warn({ err: error }, 'the seller of receipts is not stored yet');
    return false;
  }
}

async function tryAgain(): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
    // Nothing waits for it when the server stops.
    await pause(delayMs, undefined, { ref: false });
    if (await tryOnce()) return;
  }
  serviceContext().log.error({}, 'the seller of receipts could not be stored');
}
