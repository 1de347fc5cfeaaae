'use client';

import { hourly, type Session } from '@hourly/sdk/react';
import { useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { useServerNow } from '../../hooks/use-server-now.ts';
import { formatDuration } from '../../lib/format.ts';
import { paidHourAt, type ServerClock } from '../../lib/session-clock.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../ui/dialog.tsx';

type EndSessionDialogProps = {
  session: Session;
  clock: ServerClock;
  /** Null while the session is paused. */
  onPauseInstead: (() => void) | null;
};

/** Ending gives up paid time, so it is asked for twice and says how much. */
export function EndSessionDialog({ session, clock, onPauseInstead }: EndSessionDialogProps) {
  const [open, setOpen] = useState(false);
  const end = hourly.hourlyUsage.end.useMutation();
  const action = useAction(end.mutateAsync);
  const confirm = () => void action.run({ sessionId: session.id });
  const pauseInstead = onPauseInstead && {
    act: () => {
      setOpen(false);
      onPauseInstead();
    },
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        action.clear();
      }}
    >
      <DialogTrigger asChild>
        <Button size="large" data-testid="end-session">
          End session
        </Button>
      </DialogTrigger>
      <DialogContent
        title="End this session?"
        description={<Forfeit session={session} clock={clock} pausable={pauseInstead !== null} />}
      >
        <FailureNotice failure={action.failure} onRetry={action.retry} className="mb-5" />
        <div className="flex flex-col-reverse gap-2.5 sm:flex-row sm:justify-end">
          <DialogClose asChild>
            <Button look="quiet">Keep it</Button>
          </DialogClose>
          {pauseInstead && <Button onClick={pauseInstead.act}>Pause instead</Button>}
          <Button
            look="danger"
            pending={action.pending}
            onClick={confirm}
            data-testid="confirm-end"
          >
            End session
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Forfeit(props: { session: Session; clock: ServerClock; pausable: boolean }) {
  const nowMs = useServerNow(props.clock, props.session.status === 'active');
  const left = Math.ceil(paidHourAt(props.session, nowMs).leftSeconds);
  if (left === 0) return <>No paid time is left. Nothing more will be charged.</>;
  return (
    <>
      You have <strong className="font-semibold text-ink">{formatDuration(left)}</strong> of paid
      time left. Ending gives it up: a started hour isn’t refunded.
      {props.pausable && ' Pausing keeps it for later.'}
    </>
  );
}
