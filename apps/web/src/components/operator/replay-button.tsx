'use client';

import { useActionState } from 'react';
import { type ReplayState, replayEvent } from '../../app/operator/actions.ts';
import { Button } from '../ui/button.tsx';

const words: Record<ReplayState['outcome'], string> = {
  idle: 'Replay',
  processed: 'Replayed',
  failed: 'Failed, again',
};

export function ReplayButton({ eventId }: { eventId: string }) {
  const [{ outcome }, replay, isPending] = useActionState<ReplayState>(() => replayEvent(eventId), {
    outcome: 'idle',
  });
  return (
    <form action={replay}>
      <Button type="submit" size="small" pending={isPending} aria-label={`Replay ${eventId}`}>
        <span aria-live="polite">{words[outcome]}</span>
      </Button>
    </form>
  );
}
