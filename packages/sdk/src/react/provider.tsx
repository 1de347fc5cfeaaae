import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { Mode } from '../types.ts';
import { hourly } from './hourly.ts';
import { linksOf } from './links.ts';
import { createQueryClient } from './query-client.ts';

export interface HourlyProviderProps {
  /** Origin of Hourly's server, `https://hourly.example.com`; the page's own unless given. */
  baseUrl?: string | undefined;
  /** Which of the customer's two accounts the hooks show and change; `live` unless given. */
  mode?: Mode | undefined;
  children: ReactNode;
}

/**
 * Gives the hooks of `hourly` below it their connection: tRPC over HTTP with the browser's sign-in, a time limit on
 * every call, and a query cache of their own that retries what may pass and reads everything anew after each mutation.
 * The application's own query client, if it has one, stays what it is.
 *
 * Another `baseUrl` or `mode` mounts what is below anew, with an empty cache: hooks hold on to the cache that they began
 * with, and the figures of two accounts must not mix.
 */
export function HourlyProvider({
  baseUrl = '',
  mode = 'live',
  children,
}: HourlyProviderProps): ReactElement {
  return (
    <Connection key={`${mode} ${baseUrl}`} baseUrl={baseUrl} mode={mode}>
      {children}
    </Connection>
  );
}

function Connection(props: { baseUrl: string; mode: Mode; children: ReactNode }): ReactElement {
  const [client] = useState(() => hourly.createClient({ links: linksOf(props) }));
  const [queryClient] = useState(createQueryClient);
  // Only a mounted cache hears that the window or the network has come back.
  useEffect(() => {
    queryClient.mount();
    return () => queryClient.unmount();
  }, [queryClient]);
  return (
    <hourly.Provider client={client} queryClient={queryClient}>
      {props.children}
    </hourly.Provider>
  );
}
