import { Refusal } from '@hourly/contract';

/** The whole body; refuses with PAYLOAD_TOO_LARGE as soon as it is longer than allowed, announced or not. */
export async function readBody(request: Request, maximumBytes: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > maximumBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maximumBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (): Refusal => new Refusal('PAYLOAD_TOO_LARGE');

export const isJson = (request: Request): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '');

/** Bodies of the API's own calls. The longest legal one, two texts of 4,000 escaped characters, is 48 kB. */
export const maximumInputBytes = 64 * 1024;
