import { buildDocument } from './build-document.ts';

/** Serves the description of the API, with the address under which it was asked for. */
export function createOpenApiHandler(): (origin: string) => Promise<Response> {
  let building: ReturnType<typeof buildDocument> | undefined;
  return async (origin) => {
    building ??= buildDocument();
    const document = await building;
    return Response.json(
      { ...document, servers: [{ url: origin }] },
      { headers: { 'cache-control': 'no-cache' } },
    );
  };
}
