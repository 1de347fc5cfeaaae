import { logFailure } from './respond.ts';
import type { RestCall } from './route.ts';

/**
 * Answers with a file that is read page by page, as fast as the customer takes it. The first page is read before the
 * answer begins, so that a failure still has a status.
 *
 * @param pages none of them empty
 */
export async function respondWithPages(
  { context: { requestId, services }, request }: RestCall,
  { pages, type, filename }: { pages: AsyncGenerator<string>; type: string; filename: string },
): Promise<Response> {
  let page = await pages.next();
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        if (!isFirst) page = await pages.next();
        isFirst = false;
        if (page.done) controller.close();
        else controller.enqueue(Buffer.from(page.value));
      } catch (error) {
        logFailure(services.log, { error, requestId, path: new URL(request.url).pathname });
        controller.error(new Error('the statement could not be read to its end'));
      }
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${filename}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  });
}
