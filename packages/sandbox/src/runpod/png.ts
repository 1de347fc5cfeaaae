import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BYTES_PER_PIXEL = 3;
const FILTER_SUB = 1;
const FILTER_UP = 2;

const deflateInPool = promisify(deflate);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Writes one row with the filter that leaves the smaller numbers, which compress better. */
function filterRow(rgb: Uint8Array, at: number, stride: number, out: Uint8Array, to: number): void {
  let subSum = 0;
  let upSum = 0;
  // A sample of the row decides well enough.
  for (let i = BYTES_PER_PIXEL; i < stride; i += 7) {
    const value = rgb[at + i] ?? 0;
    subSum += Math.abs(value - (rgb[at + i - BYTES_PER_PIXEL] ?? 0));
    upSum += Math.abs(value - (at === 0 ? 0 : (rgb[at + i - stride] ?? 0)));
  }
  const isUp = at > 0 && upSum < subSum;
  out[to] = isUp ? FILTER_UP : FILTER_SUB;
  const back = isUp ? stride : BYTES_PER_PIXEL;
  for (let i = 0; i < stride; i += 1) {
    const hasBefore = isUp || i >= BYTES_PER_PIXEL;
    out[to + 1 + i] = (rgb[at + i] ?? 0) - (hasBefore ? (rgb[at + i - back] ?? 0) : 0);
  }
}

/**
 * Encodes 8-bit RGB rows as a PNG (https://www.w3.org/TR/png-3/). Compression runs in zlib's
 * thread pool.
 */
export async function encodePng(rgb: Uint8Array, width: number, height: number): Promise<Buffer> {
  const stride = width * BYTES_PER_PIXEL;
  if (rgb.length !== stride * height) throw new RangeError('the pixels do not fit the size');
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y += 1) filterRow(rgb, y * stride, stride, rows, y * (stride + 1));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits per channel
  header[9] = 2; // RGB
  const data = await deflateInPool(rows, { level: 5 });
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}
