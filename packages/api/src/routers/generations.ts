import {
  byIdInput,
  cancelGenerationInput,
  generateInput,
  generation,
  pageInput,
  pageOf,
} from '@hourly/contract';
import { getGeneration, listGenerations } from '@hourly/db';
import { cancelGeneration, generate } from '@hourly/services';
import { mutationOf } from '../mutation.ts';
import { presentGeneration } from '../present-generation.ts';
import { procedure, rest } from '../procedure.ts';

export const generationProcedures = {
  generate: procedure
    .meta(rest('POST', '/generate', 'Generations', 'Generate, while a session is active'))
    .input(generateInput)
    .output(generation)
    .mutation(async ({ ctx, input, signal }) => {
      const asked = { ...input, ...mutationOf(ctx, input) };
      return presentGeneration(await generate(ctx.services, asked, { signal }), ctx.origin);
    }),

  generations: procedure
    .meta(rest('GET', '/generations', 'Generations', 'All generations, newest first'))
    .input(pageInput)
    .output(pageOf(generation))
    .query(async ({ ctx, input }) => {
      const { accountId } = ctx.caller;
      const page = await listGenerations(ctx.services.db, { accountId, page: input });
      return { ...page, items: page.items.map((item) => presentGeneration(item, ctx.origin)) };
    }),

  generation: procedure
    .meta(rest('GET', '/generations/{id}', 'Generations', 'A generation'))
    .input(byIdInput)
    .output(generation)
    .query(async ({ ctx, input }) => {
      const { accountId } = ctx.caller;
      const found = await getGeneration(ctx.services.db, { accountId, id: input.id });
      return presentGeneration(found, ctx.origin);
    }),

  cancelGeneration: procedure
    .meta(
      rest('POST', '/generations/{id}/cancel', 'Generations', 'Cancel an unfinished generation'),
    )
    .input(cancelGenerationInput)
    .output(generation)
    .mutation(async ({ ctx, input }) => {
      const asked = { id: input.id, ...mutationOf(ctx, input) };
      return presentGeneration(await cancelGeneration(ctx.services, asked), ctx.origin);
    }),
};
