const stretches = [
  { label: '20 min active', from: 0, to: 20, kind: 'active' },
  { label: 'paused', from: 20, to: 32, kind: 'paused' },
  { label: '40 min active', from: 32, to: 72, kind: 'active' },
] as const;

const ticks = Array.from({ length: 72 }, (_, minute) => minute);

/** One paid hour with a pause in it: the picture of the pricing. */
export function HourTally({ price }: { price: string }) {
  return (
    <figure className="mt-16">
      <div aria-hidden className="flex h-12 items-end justify-between">
        {ticks.map((minute) => {
          const paused = minute >= stretches[1].from && minute < stretches[1].to;
          return (
            <span
              key={minute}
              className={
                paused
                  ? 'h-2 w-[2px] rounded-full bg-line-strong sm:w-[3px]'
                  : 'h-full w-[2px] rounded-full bg-live sm:w-[3px]'
              }
            />
          );
        })}
      </div>
      <figcaption className="relative mt-3 flex text-[13px] text-ink-faint">
        {stretches.map(({ label, from, to }) => (
          <span key={label} style={{ width: `${((to - from) / 72) * 100}%` }}>
            {label}
          </span>
        ))}
        <span className="absolute right-0 font-medium text-ink">
          <span className="max-sm:hidden">one hour, </span>
          {price}
        </span>
      </figcaption>
    </figure>
  );
}
