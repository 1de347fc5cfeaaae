import type { Generation } from '@hourly/sdk/react';
import { cn } from '../../lib/cn.ts';

type PicturesProps = { output: NonNullable<Generation['output']>; prompt: string };

/** The pictures of one request in a square; two to four share it. */
export function Pictures({ output, prompt }: PicturesProps) {
  const several = output.length > 1;
  return (
    <span className={cn('grid size-full gap-0.5', several && 'grid-cols-2')}>
      {output.map((picture, index) => (
        // Served by the API to its owner only, so Next’s optimizer, which has no credentials, can’t resize it.
        <img
          key={picture.url}
          src={picture.url}
          alt={several ? `${prompt} (${index + 1} of ${output.length})` : prompt}
          width={picture.width}
          height={picture.height}
          loading="lazy"
          decoding="async"
          className={cn(
            'size-full min-h-0 animate-fade object-cover',
            output.length === 3 && index === 0 && 'col-span-2',
          )}
        />
      ))}
    </span>
  );
}
