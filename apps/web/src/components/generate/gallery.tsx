'use client';

import { type Generation, hourly } from '@hourly/sdk/react';
import { useState } from 'react';
import { failureOf } from '../../lib/failure.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { LoadMore } from '../history/load-more.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { GenerationDialog } from './generation-dialog.tsx';
import { GenerationTile } from './generation-tile.tsx';

const pageSize = 12;
const grid = 'grid grid-cols-2 gap-2.5 sm:grid-cols-3 sm:gap-4 lg:grid-cols-4';

/** Every picture that was asked for, newest first. */
export function Gallery() {
  const pages = hourly.hourlyUsage.generations.useInfiniteQuery(
    { limit: pageSize },
    { getNextPageParam: (page) => page.nextCursor ?? undefined },
  );
  const [shown, setShown] = useState<Generation | null>(null);
  const generations = pages.data?.pages.flatMap((page) => page.items);
  if (pages.error && !generations) {
    return <FailureNotice failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />;
  }
  if (!generations) return <GallerySkeleton />;
  if (generations.length === 0) {
    return (
      <p className="mt-4 rounded-xl border border-dashed px-4 py-12 text-center text-sm text-ink-faint">
        Pictures appear here.
      </p>
    );
  }
  return (
    <div className="mt-5">
      <ul className={grid} aria-label="Pictures">
        {generations.map((generation) => (
          <GenerationTile key={generation.id} listed={generation} onShow={setShown} />
        ))}
      </ul>
      <LoadMore pages={pages} />
      <GenerationDialog generation={shown} onClose={() => setShown(null)} />
    </div>
  );
}

function GallerySkeleton() {
  return (
    <div role="status" aria-label="Loading the pictures" className={`mt-5 ${grid}`}>
      {['a', 'b', 'c', 'd'].map((place) => (
        <Skeleton key={place} className="aspect-square rounded-xl" />
      ))}
    </div>
  );
}
