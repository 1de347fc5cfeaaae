import type { StartInput } from '@hourly/sdk/react';

/** The guards as typed; empty = none. */
export type TypedGuards = { maxHours: string; hourEnd: 'continue' | 'pause'; autoPause: string };

export const noGuards: TypedGuards = { maxHours: '', hourEnd: 'continue', autoPause: '' };

export type ReadGuards = {
  /** What to send; null while something typed is wrong. */
  input: Pick<StartInput, 'maxHours' | 'hourEnd' | 'autoPauseMinutes'> | null;
  errors: { maxHours: string | null; autoPause: string | null };
};

/** Reads the typed guards within the server's limits: 1–1000 hours, 1–1440 minutes. */
export function readGuards(typed: TypedGuards): ReadGuards {
  const maxHours = readWhole(typed.maxHours, 1000, 'hours');
  const autoPause = readWhole(typed.autoPause, 1440, 'minutes');
  const errors = { maxHours: maxHours.error, autoPause: autoPause.error };
  if (errors.maxHours || errors.autoPause) return { input: null, errors };
  return {
    input: {
      hourEnd: typed.hourEnd,
      ...(maxHours.value === null ? {} : { maxHours: maxHours.value }),
      ...(autoPause.value === null ? {} : { autoPauseMinutes: autoPause.value }),
    },
    errors,
  };
}

function readWhole(typed: string, most: number, unit: string) {
  const text = typed.trim();
  if (text === '') return { value: null, error: null };
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return { value, error: null };
  return { value: null, error: `Whole ${unit} from 1 to ${most}, or empty for none.` };
}
