import type { Request } from '@hourly/db';
import { moneyActions } from './money-actions.ts';
import { sessionActions } from './session-actions.ts';
import type { Story } from './story.ts';

/** The call that a line stands for, ready to be made. Throws where no action reads like it. */
export function actionOf(
  text: string,
): (story: Story, request: Request | undefined) => Promise<unknown> {
  for (const { form, run } of [...sessionActions, ...moneyActions]) {
    const match = form.exec(text);
    if (match !== null) {
      const words = match.slice(1);
      return async (story, request) => run(story, words, request);
    }
  }
  throw new Error(`nothing happens like this: ${text}`);
}
