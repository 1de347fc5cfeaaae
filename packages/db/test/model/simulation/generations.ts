import type { Account } from './account.ts';
import { type Generation, openSession, statusOf } from './account.ts';
import { tell } from './events.ts';
import { type Asked, isFrozen, mutate, type Outcome, refuse } from './mutate.ts';
import { generationLimit } from './settle.ts';
import { showGeneration, tellGeneration } from './shows.ts';
import type { Micros } from './time.ts';

export type FinishedAs = 'completed' | 'failed' | 'cancelled';

export function generate(asked: Asked & { sessionId?: string | undefined }): Outcome {
  const { account, sessionId } = asked;
  return mutate('generate', asked, (now) => {
    const isOurs = account.sessions.some(({ id }) => id === sessionId);
    if (sessionId !== undefined && !isOurs) return refuse('NOT_FOUND');
    if (isFrozen(account)) return refuse('ACCOUNT_FROZEN');
    const session = openSession(account);
    if (sessionId !== undefined && session?.id !== sessionId) return refuse('SESSION_ENDED');
    if (session === undefined) return refuse('NO_OPEN_SESSION');
    if (statusOf(session) === 'paused') return refuse('SESSION_PAUSED');
    const generation: Generation = {
      id: `${account.id}-generation-${account.generations.length + 1}`,
      session,
      requestedAt: now,
      finished: null,
    };
    account.generations.push(generation);
    return {
      changed: true,
      show: () => ({ admitted: true, generation: showGeneration(account, generation) }),
      replay: () => ({ admitted: false, generation: showGeneration(account, generation) }),
    };
  });
}

/** The provider's result arrives, or the time is over. */
export function finishGeneration(
  asked: Asked & { generation: Generation; as: FinishedAs },
): Outcome {
  const { account, generation, as } = asked;
  return mutate('finishGeneration', asked, (now) => {
    const changed = record(account, generation, as, now);
    return { changed, show: () => showGeneration(account, generation) };
  });
}

export function cancel(asked: Asked & { generation: Generation }): Outcome {
  const { account, generation } = asked;
  return mutate('cancelGeneration', asked, (now) => {
    const changed = record(account, generation, 'cancelled', now);
    return { changed, show: () => showGeneration(account, generation) };
  });
}

/** Answers whether this was its end; there is only one. */
function record(account: Account, generation: Generation, as: FinishedAs, now: Micros): boolean {
  if (generation.finished !== null) return false;
  const isLate = now >= generation.requestedAt + generationLimit;
  const status = isLate ? 'failed' : as;
  const code = isLate ? 'TIMED_OUT' : status === 'failed' ? 'OUT_OF_MEMORY' : null;
  generation.finished = { at: now, status, code };
  if (status !== 'cancelled') {
    tell(account, `generation.${status}`, now, tellGeneration(generation));
  }
  return true;
}
