import { z } from 'zod';

/**
 * Where the pictures are in a worker's output. RunPod leaves its shape to the worker, so the common ones are read:
 * `{images: [{image, width, height, seed}]}`, `{images: [text]}`, `{images: [{data}]}`, `{image_url}`, `{image}`, a list,
 * or one text. Each is a data URL, base64, or an address to fetch.
 */
const textItem = z.string().min(1);
const item = z.union([
  textItem,
  z.object({ image: textItem }).transform(({ image }) => image),
  z.object({ image_url: textItem }).transform(({ image_url }) => image_url),
  z.object({ url: textItem }).transform(({ url }) => url),
  z.object({ data: textItem }).transform(({ data }) => data),
  z.object({ base64: textItem }).transform(({ base64 }) => base64),
]);
const items = z.array(item).min(1).max(8);
const output = z.union([
  z.object({ images: items }).transform(({ images }) => images),
  items,
  item.transform((one) => [one]),
]);

/** The pictures as texts; null when there are none to be found. */
export function picturesOf(answer: unknown): string[] | null {
  const parsed = output.safeParse(answer);
  return parsed.success ? parsed.data : null;
}

/** The bytes of a data URL or of base64; null for an address. */
export function decodePicture(text: string): Buffer | null {
  if (/^https?:\/\//i.test(text)) return null;
  const base64 = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  return Buffer.from(base64, 'base64');
}
