import { MutationCache, QueryClient } from '@tanstack/react-query';
import { fullJitterMs } from '../retry.ts';
import { errorOf } from './error-of.ts';

const maxQueryRetries = 3;

/**
 * A query cache that retries what may pass, and reads everything anew after each mutation: any of them may settle the
 * account, and so move the session, the balance and the ledger.
 */
export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < maxQueryRetries && errorOf(error).retryable,
        retryDelay: (failures) => fullJitterMs(failures + 1),
        refetchOnWindowFocus: true,
        staleTime: 2_000,
      },
      // Mutations are retried below, where their idempotency key is known.
      mutations: { retry: false },
    },
    mutationCache: new MutationCache({
      onSettled: () => {
        void queryClient.invalidateQueries();
      },
    }),
  });
  return queryClient;
}
