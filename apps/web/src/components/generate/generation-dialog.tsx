'use client';

import type { Generation } from '@hourly/sdk/react';
import { Download } from 'lucide-react';
import { cn } from '../../lib/cn.ts';
import { formatDateTime } from '../../lib/format.ts';
import { buttonClasses } from '../ui/button.tsx';
import { Dialog, DialogContent } from '../ui/dialog.tsx';

type GenerationDialogProps = { generation: Generation | null; onClose: () => void };

/** The pictures of one request in full, with what was asked for. */
export function GenerationDialog({ generation, onClose }: GenerationDialogProps) {
  return (
    <Dialog open={generation !== null} onOpenChange={(open) => !open && onClose()}>
      {generation && (
        <DialogContent
          title={generation.output?.length === 1 ? 'Picture' : 'Pictures'}
          description={generation.prompt}
          className="sm:w-[min(52rem,calc(100vw-2rem))]"
        >
          <div className={generation.output?.length === 1 ? 'grid' : 'grid gap-3 sm:grid-cols-2'}>
            {generation.output?.map((picture, index) => (
              <figure key={picture.url} className="relative">
                <img
                  src={picture.url}
                  alt={generation.prompt}
                  width={picture.width}
                  height={picture.height}
                  className="h-auto max-h-[60dvh] w-full rounded-xl bg-sunken object-contain"
                />
                <a
                  href={picture.url}
                  download={`hourly-${generation.id}-${index + 1}`}
                  aria-label={`Download picture ${index + 1}`}
                  className={cn(buttonClasses({ size: 'icon' }), 'absolute right-2.5 bottom-2.5')}
                >
                  <Download aria-hidden />
                </a>
              </figure>
            ))}
          </div>
          <dl className="mt-4 flex flex-wrap gap-x-6 gap-y-1 text-[13px]">
            {factsOf(generation).map(([name, value]) => (
              <div key={name} className="flex gap-1.5">
                <dt className="text-ink-faint">{name}</dt>
                <dd className="tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
        </DialogContent>
      )}
    </Dialog>
  );
}

function factsOf({ model, params, createdAt }: Generation): [string, string][] {
  const { width, height, seed } = params;
  return [
    ['Model', model],
    ...(width && height ? ([['Size', `${width} × ${height}`]] satisfies [string, string][]) : []),
    ...(seed === undefined ? [] : ([['Seed', String(seed)]] satisfies [string, string][])),
    ['Asked', formatDateTime(createdAt)],
  ];
}
