'use client';

import { type Generation, hourly } from '@hourly/sdk/react';
import { CircleSlash, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { cn } from '../../lib/cn.ts';
import { Button } from '../ui/button.tsx';
import { Pictures } from './pictures.tsx';

const pollMs = 1_200;
const patientPollMs = 5_000;
const patientAfterMs = 60_000;

type GenerationTileProps = { listed: Generation; onShow: (generation: Generation) => void };

/** One request for pictures: on its way, there, or why not. Looks for news by itself until it is finished. */
export function GenerationTile({ listed, onShow }: GenerationTileProps) {
  const generation = useFollowedGeneration(listed);
  return (
    <li
      data-testid="generation"
      data-status={generation.status}
      className="relative aspect-square overflow-hidden rounded-xl bg-sunken"
    >
      {generation.status === 'completed' && generation.output ? (
        <button
          type="button"
          onClick={() => onShow(generation)}
          title="Show in full"
          className="group size-full outline-offset-[-3px]"
        >
          <Pictures output={generation.output} prompt={generation.prompt} />
          <span
            aria-hidden
            className="pointer-events-none absolute inset-x-0 bottom-0 bg-gradient-to-t from-black/70 to-transparent p-3 pt-8 text-left text-[13px] text-white opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100"
          >
            <span className="line-clamp-2">{generation.prompt}</span>
          </span>
        </button>
      ) : (
        <Unfinished generation={generation} />
      )}
    </li>
  );
}

const isUnderWay = ({ status }: Generation) => status === 'queued' || status === 'running';

function useFollowedGeneration(listed: Generation): Generation {
  const utils = hourly.useUtils();
  const { data } = hourly.hourlyUsage.generation.useQuery(
    { id: listed.id },
    {
      enabled: isUnderWay(listed),
      refetchInterval: ({ state }) => {
        if (state.data && !isUnderWay(state.data)) return false;
        return state.dataUpdateCount * pollMs > patientAfterMs ? patientPollMs : pollMs;
      },
    },
  );
  const finished = isUnderWay(listed) && data !== undefined && !isUnderWay(data);
  useEffect(() => {
    if (finished) void utils.hourlyUsage.generations.invalidate();
  }, [finished, utils]);
  return isUnderWay(listed) ? (data ?? listed) : listed;
}

const words = {
  queued: { title: 'Queued', Icon: LoaderCircle },
  running: { title: 'Generating', Icon: LoaderCircle },
  completed: { title: 'Finished', Icon: LoaderCircle },
  failed: { title: 'Failed', Icon: TriangleAlert },
  cancelled: { title: 'Cancelled', Icon: CircleSlash },
} as const;

function Unfinished({ generation }: { generation: Generation }) {
  const { title, Icon } = words[generation.status];
  const underWay = isUnderWay(generation);
  const failed = generation.status === 'failed';
  return (
    <div
      className={cn(
        'flex size-full flex-col p-3 sm:p-4',
        underWay && 'animate-shimmer [animation-duration:2.4s]',
      )}
    >
      <p
        role="status"
        className={cn(
          'flex items-center gap-1.5 text-[13px] font-medium',
          failed ? 'text-halt-ink' : 'text-ink-soft',
        )}
      >
        <Icon aria-hidden className={cn('size-3.5', underWay && 'animate-spin')} />
        {title}
      </p>
      <p className="mt-1.5 line-clamp-3 text-[13px] text-ink-faint">
        {failed ? (generation.error?.message ?? generation.prompt) : generation.prompt}
      </p>
      <div className="mt-auto">
        {underWay ? (
          <CancelButton id={generation.id} />
        ) : (
          <span className="text-[13px] text-ink-soft">Not charged</span>
        )}
      </div>
    </div>
  );
}

function CancelButton({ id }: { id: string }) {
  const utils = hourly.useUtils();
  const cancel = hourly.hourlyUsage.cancelGeneration.useMutation();
  const action = useAction(cancel.mutateAsync);
  return (
    <>
      {action.failure && (
        <p role="alert" className="mb-1.5 text-[13px] text-halt-ink">
          {action.failure.title}
        </p>
      )}
      <Button
        size="small"
        pending={action.pending}
        onClick={() =>
          void action.run({ id }).then(() => utils.hourlyUsage.generations.invalidate())
        }
      >
        Cancel
      </Button>
    </>
  );
}
