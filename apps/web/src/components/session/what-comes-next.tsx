'use client';

import type { Balance, Session } from '@hourly/sdk/react';
import { formatDuration, formatTime, formatUsd } from '../../lib/format.ts';
import { atPaidThrough } from '../../lib/next-charge.ts';
import { pauseReasonText } from '../../lib/reason-texts.ts';
import { paidHourAt, type ServerClock, serverNowMs } from '../../lib/session-clock.ts';

type WhatComesNextProps = {
  session: Session;
  balance: Balance;
  clock: ServerClock;
  onTopup: () => void;
};

/** Until when the session is paid and what happens then; while paused, what is still paid for. */
export function WhatComesNext(props: WhatComesNextProps) {
  return (
    <p className="mt-4 text-[15px] text-ink-soft text-pretty" data-testid="paid-until">
      {props.session.paidThrough ? (
        <UntilPaidThrough {...props} paidThrough={props.session.paidThrough} />
      ) : (
        <WhilePaused {...props} />
      )}
    </p>
  );
}

function UntilPaidThrough({
  session,
  balance,
  clock,
  paidThrough,
  onTopup,
}: WhatComesNextProps & { paidThrough: string }) {
  const until = (
    <>
      Paid until{' '}
      <time dateTime={paidThrough} className="font-medium text-ink tabular-nums">
        {formatTime(paidThrough, clock.serverMs)}
      </time>
    </>
  );
  switch (atPaidThrough(session, balance.balanceCents)) {
    case 'charges':
      return (
        <>
          {until}, then {formatUsd(session.rateCents)} an hour
        </>
      );
    case 'pauses':
      return <>{until}, then it pauses</>;
    case 'ends_at_max_hours':
      return <>{until}, then it ends: the hours cap is reached</>;
    case 'ends_without_balance':
      return (
        <>
          {until}, then it ends: the balance can’t pay another hour. <TopupLink onTopup={onTopup} />
        </>
      );
  }
}

function TopupLink({ onTopup }: { onTopup: () => void }) {
  return (
    <button
      type="button"
      onClick={onTopup}
      className="font-medium text-hold-ink underline decoration-hold underline-offset-4"
    >
      Top up to go on
    </button>
  );
}

function WhilePaused({ session, balance, clock, onTopup }: WhatComesNextProps) {
  if (balance.frozen) {
    return (
      <>
        The account is frozen: its balance is below zero. <TopupLink onTopup={onTopup} />
      </>
    );
  }
  const { leftSeconds } = paidHourAt(session, serverNowMs(clock, clock.receivedMs));
  const why = session.pauseReason && session.pauseReason !== 'user';
  return (
    <>
      {session.pauseReason && why && <>{pauseReasonText[session.pauseReason]}. </>}
      {leftSeconds > 0 ? (
        <>
          <span className="font-medium text-ink tabular-nums">
            {formatDuration(Math.ceil(leftSeconds))}
          </span>{' '}
          still paid for. Pausing costs nothing.
        </>
      ) : (
        <>
          No paid time is left. Resuming charges {formatUsd(session.rateCents)} for the next hour.
        </>
      )}
    </>
  );
}
