import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import type { Mode } from '../types.ts';
import { hourly } from './hourly.ts';
import { linksOf } from './links.ts';
import { createQueryClient } from './query-client.ts';

export interface HourlyProviderProps {
  /** Origin of Hourly's server, `https://hourly.example.com`; the page's own unless given. */
  baseUrl?: string;
  /** Which of the customer's two accounts the hooks show and change; `live` unless given. */
  mode?: Mode;
  /** A query client to share with the rest of the application; its own defaults then apply. */
  queryClient?: QueryClient;
  children: ReactNode;
}

/**
 * Gives the hooks of `hourly` below it their connection: tRPC over HTTP with the browser's sign-in, a time limit on
 * every call, and a query cache that retries what may pass and reads everything anew after each mutation (any of them
 * may settle the account and so move the session, the balance and the ledger).
 *
 * Another `baseUrl` or `mode` begins with an empty cache, so that the figures of two accounts never mix.
 */
export function HourlyProvider(props: HourlyProviderProps): ReactElement {
  const { baseUrl = '', mode = 'live', queryClient, children } = props;
  const [clients, setClients] = useState(() => createClients(baseUrl, mode, queryClient));
  if (
    clients.baseUrl !== baseUrl ||
    clients.mode !== mode ||
    (queryClient !== undefined && clients.queries !== queryClient)
  ) {
    setClients(createClients(baseUrl, mode, queryClient));
  }
  return (
    <hourly.Provider client={clients.calls} queryClient={clients.queries}>
      <QueryClientProvider client={clients.queries}>{children}</QueryClientProvider>
    </hourly.Provider>
  );
}

function createClients(baseUrl: string, mode: Mode, shared: QueryClient | undefined) {
  const calls = hourly.createClient({ links: linksOf({ baseUrl, mode }) });
  return { baseUrl, mode, calls, queries: shared ?? createQueryClient() };
}
