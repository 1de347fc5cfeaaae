import { cn } from '../../lib/cn.ts';
import { formatDuration } from '../../lib/format.ts';
import type { PaidHour } from '../../lib/session-clock.ts';

const minutes = Array.from({ length: 60 }, (_, minute) => minute);

/** The newest paid hour as sixty ticks: those behind are used, the one that is running breathes. */
export function MinuteRuler({ paidHour, running }: { paidHour: PaidHour; running: boolean }) {
  const used = Math.floor(paidHour.usedSeconds / 60);
  const left = formatDuration(Math.ceil(paidHour.leftSeconds));
  return (
    <div className="mt-9">
      <meter
        aria-label={`Minutes used of hour ${paidHour.hour}`}
        min={0}
        max={60}
        value={used}
        className="sr-only"
      >
        {used} of 60 paid minutes
      </meter>
      <div aria-hidden className="flex h-8 items-end justify-between">
        {minutes.map((minute) => (
          <span
            key={minute}
            className={cn(
              'w-[2px] rounded-full transition-colors sm:w-[3px]',
              minute % 15 === 0 ? 'h-8' : 'h-5',
              minute < used && 'bg-ink',
              minute === used && (running ? 'animate-breathe bg-live' : 'bg-hold'),
              minute > used && 'bg-line-strong',
            )}
          />
        ))}
      </div>
      <div
        aria-hidden
        className="mt-2.5 flex justify-between text-[13px] text-ink-faint tabular-nums"
      >
        <span>Hour {paidHour.hour}</span>
        <span>{paidHour.leftSeconds > 0 ? `${left} left` : 'used up'}</span>
      </div>
    </div>
  );
}
