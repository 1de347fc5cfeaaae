'use client';

import { RectangleHorizontal, RectangleVertical, Square } from 'lucide-react';
import { useId } from 'react';
import { type SizeName, sizes, type TypedRequest } from '../../lib/picture-request.ts';
import { Segmented } from '../ui/segmented.tsx';

const icons: Record<SizeName, typeof Square> = {
  square: Square,
  portrait: RectangleVertical,
  landscape: RectangleHorizontal,
};

const sizeOptions = sizes.map(({ name, label, width, height }) => {
  const Icon = icons[name];
  return {
    value: name,
    title: `${label}, ${width} × ${height}`,
    testId: `size-${name}`,
    label: (
      <>
        <Icon aria-hidden />
        <span className="sr-only">
          {label}, {width} by {height}
        </span>
      </>
    ),
  };
});

const countOptions = (['1', '2', '3', '4'] as const).map((value) => ({
  value,
  label: value,
  title: value === '1' ? '1 picture' : `${value} pictures`,
}));

type RequestOptionsProps = {
  request: TypedRequest;
  seedError: string | null;
  onChange: (request: TypedRequest) => void;
};

/** Size, number and seed of the pictures. */
export function RequestOptions({ request, seedError, onChange }: RequestOptionsProps) {
  const seedId = useId();
  return (
    <>
      <Segmented
        label="Size"
        value={request.size}
        options={sizeOptions}
        onChange={(size) => onChange({ ...request, size })}
      />
      <Segmented
        label="Number of pictures"
        value={toCount(request.count)}
        options={countOptions}
        onChange={(count) => onChange({ ...request, count: Number(count) })}
      />
      <label
        htmlFor={seedId}
        className="flex h-9 items-center gap-1.5 rounded-lg bg-sunken max-sm:flex-1 px-2.5 text-[13px] text-ink-faint focus-within:outline-2 focus-within:outline-ring"
      >
        Seed
        <input
          id={seedId}
          inputMode="numeric"
          placeholder="any"
          value={request.seed}
          aria-invalid={seedError ? true : undefined}
          aria-describedby={`${seedId}-error`}
          onChange={(event) => onChange({ ...request, seed: event.target.value })}
          className="w-20 min-w-0 bg-transparent max-sm:w-full text-ink tabular-nums outline-none placeholder:text-ink-faint"
        />
      </label>
      <p
        id={`${seedId}-error`}
        aria-live="polite"
        className="text-[13px] text-halt-ink empty:hidden"
      >
        {seedError}
      </p>
    </>
  );
}

const toCount = (count: number) => countOptions[count - 1]?.value ?? '1';
