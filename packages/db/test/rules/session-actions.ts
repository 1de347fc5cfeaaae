import {
  advanceClock,
  endSession,
  getStatus,
  settleSessions,
  startSession,
  toggleSession,
} from '@hourly/db';
import { finishAt, generate } from '../support/generation.ts';
import { type Action, asked } from './action.ts';
import { lengthUs } from './instants.ts';
import { nowOf } from './story.ts';

const toggle =
  (to: 'active' | 'paused' | undefined): Action['run'] =>
  (story, _, request) =>
    toggleSession(story.db, { ...asked(story, request), to });

const end =
  (endReason: 'user' | 'operator'): Action['run'] =>
  (story, _, request) =>
    endSession(story.db, { ...asked(story, request), endReason });

/** What may happen to a session, and to the time. */
export const sessionActions: Action[] = [
  {
    form: /^start(?: with (.+))?$/,
    async run(story, [guards], request) {
      const input = { ...asked(story, request), ...guardsOf(guards) };
      const session = await startSession(story.db, input);
      story.sessionId = session.id;
      return session;
    },
  },
  { form: /^pause$/, run: toggle('paused') },
  { form: /^resume$/, run: toggle('active') },
  { form: /^toggle$/, run: toggle(undefined) },
  { form: /^end$/, run: end('user') },
  { form: /^the operator ends it$/, run: end('operator') },
  {
    form: /^generate$/,
    async run(story, _, request) {
      const { accountId } = story;
      const asking = { accountId, ...(request && { request }), ...nowOf(story) };
      const { generation } = await generate(story.db, asking);
      story.generationId = generation.id;
      return generation;
    },
  },
  {
    form: /^the picture is ready$/,
    run: (story) => finishAt(story.db, story.generationId ?? '', nowOf(story).now ?? null),
  },
  { form: /^look$/, run: (story) => getStatus(story.db, asked(story, undefined)) },
  {
    form: /^the worker settles$/,
    run: (story) => settleSessions(story.db, { limit: 1000, ...nowOf(story) }),
  },
  {
    form: /^advance the clock by (.+)$/,
    run(story, [by = ''], request) {
      const us = lengthUs(by);
      if (us === null) throw new Error(`no length of time: ${by}`);
      const { db, accountId } = story;
      return advanceClock(db, { accountId, request, advanceSeconds: us / 1e6 });
    },
  },
];

/** `maxHours 2 and hourEnd pause and autoPauseMinutes 15`. */
function guardsOf(text: string | undefined) {
  const guards: { maxHours?: number; hourEnd?: 'pause'; autoPauseMinutes?: number } = {};
  for (const guard of text?.split(' and ') ?? []) {
    const [, name, value] = /^(maxHours|autoPauseMinutes) (\d+)$/.exec(guard) ?? [];
    if (name === 'maxHours') guards.maxHours = Number(value);
    else if (name === 'autoPauseMinutes') guards.autoPauseMinutes = Number(value);
    else if (guard === 'hourEnd pause') guards.hourEnd = 'pause';
    else throw new Error(`no such guard: ${guard}`);
  }
  return guards;
}
