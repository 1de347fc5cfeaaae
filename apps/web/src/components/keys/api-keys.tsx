'use client';

import { type ApiKey, hourly } from '@hourly/sdk/react';
import { useState } from 'react';
import { formatDay } from '../../lib/format.ts';
import { useMode } from '../frame/mode.tsx';
import { type Column, DataTable } from '../history/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';

const columns: Column<ApiKey>[] = [
  {
    name: 'Key',
    cell: (key) => (
      <>
        <span className="block font-medium break-words">{key.name}</span>
        <code className="block font-mono text-[13px] text-ink-faint">{key.prefix}…</code>
      </>
    ),
  },
  { name: 'Created', wide: true, numeric: true, cell: (key) => formatDay(key.createdAt) },
  {
    name: 'Last used',
    wide: true,
    numeric: true,
    cell: (key) => (key.lastUsedAt ? formatDay(key.lastUsedAt) : 'Never'),
  },
  {
    name: 'Expires',
    wide: true,
    numeric: true,
    cell: (key) => (key.expiresAt ? formatDay(key.expiresAt) : 'Never'),
  },
];

/** The keys with which the customer's own servers act on this account. */
export function ApiKeys() {
  const { mode } = useMode();
  const pages = hourly.hourlyUsage.keys.list.useInfiniteQuery(
    { limit: 20 },
    { getNextPageParam: (page) => page.nextCursor ?? undefined },
  );
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  return (
    <Card aria-labelledby="keys-heading" className="p-5 sm:p-8">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="max-w-[56ch]">
          <h1 id="keys-heading" className="text-lg font-semibold tracking-tight">
            {mode === 'test' ? 'Test API keys' : 'API keys'}
          </h1>
          <p className="mt-1 text-sm text-ink-soft text-pretty">
            {mode === 'test'
              ? 'They act on the test account: no real money, and a clock that you move.'
              : 'They start sessions and spend this balance. Keep them on servers, never in a browser.'}
          </p>
        </div>
        <CreateKeyDialog />
      </div>
      <div className="mt-4">
        <DataTable
          label="API keys"
          testId="api-keys"
          rowKey={(key) => key.id}
          empty="No key yet."
          pages={pages}
          columns={[
            ...columns,
            {
              name: 'State',
              numeric: true,
              cell: (key) =>
                key.revokedAt ? (
                  <Badge>Revoked</Badge>
                ) : (
                  <Button
                    size="small"
                    className="-my-1"
                    aria-label={`Revoke ${key.name}`}
                    data-testid="revoke-key"
                    onClick={() => setRevoked(key)}
                  >
                    Revoke
                  </Button>
                ),
            },
          ]}
        />
      </div>
      <RevokeKeyDialog apiKey={revoked} onClose={() => setRevoked(null)} />
    </Card>
  );
}
