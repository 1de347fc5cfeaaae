import { Refusal } from '@hourly/contract';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id that no row can have is NOT_FOUND, like one that no row has. */
export function rowId(id: string): string {
  if (!uuid.test(id)) throw new Refusal('NOT_FOUND');
  return id;
}

export const rowIdOrNull = (id: string | undefined): string | null =>
  id === undefined ? null : rowId(id);
