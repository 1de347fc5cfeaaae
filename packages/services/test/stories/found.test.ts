import { afterAll, beforeAll, test } from 'vitest';
import { createTally } from './cast.ts';
import { found } from './found.ts';
import { play } from './play.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test.each(found)('$what', async ({ chapter }) => {
  await play(stage, chapter, createTally());
});
