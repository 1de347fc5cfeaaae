import type { Request } from '@hourly/db';
import { nowOf, type Story } from './story.ts';

/** Something that happens in an example: how its line reads, and the call that does it. */
export interface Action {
  form: RegExp;
  run(story: Story, words: string[], request: Request | undefined): Promise<unknown>;
}

/** What every call of a customer's takes. */
export const asked = (story: Story, request: Request | undefined) => ({
  accountId: story.accountId,
  request,
  ...nowOf(story),
});
