'use client';

import type { ReadGuards, TypedGuards } from '../../lib/guards.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

type StartGuardsProps = {
  typed: TypedGuards;
  errors: ReadGuards['errors'];
  onChange: (typed: TypedGuards) => void;
};

/** Limits that the server keeps for the customer, even with this page closed. */
export function StartGuards({ typed, errors, onChange }: StartGuardsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label="End after (hours)" error={errors.maxHours} hint="Never charges more hours.">
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="No cap"
            value={typed.maxHours}
            data-testid="guard-max-hours"
            onChange={(event) => onChange({ ...typed, maxHours: event.target.value })}
          />
        )}
      </Field>
      <Field label="At the hour’s end" hint="When a paid hour is used up.">
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={typed.hourEnd}
            data-testid="guard-hour-end"
            onChange={(event) =>
              onChange({ ...typed, hourEnd: event.target.value === 'pause' ? 'pause' : 'continue' })
            }
          >
            <option value="continue">Continue</option>
            <option value="pause">Pause</option>
          </Select>
        )}
      </Field>
      <Field
        label="Pause when idle (minutes)"
        error={errors.autoPause}
        hint="No request this long."
      >
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="Never"
            value={typed.autoPause}
            data-testid="guard-auto-pause"
            onChange={(event) => onChange({ ...typed, autoPause: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
