import { crc32, deflateSync } from 'node:zlib';
import type { StoredOutput } from '@hourly/db';

const sidePixels = 64;

/** The small picture that test accounts get: a blue to green gradient as PNG. Source: https://www.w3.org/TR/png-3 */
export function samplePicture(): StoredOutput {
  const rows = Array.from({ length: sidePixels }, (_, y) => {
    const pixels = Array.from({ length: sidePixels }, (_, x) => [32, 4 * y, 255 - 2 * (x + y)]);
    return [0, ...pixels.flat()];
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePixels, 0);
  header.writeUInt32BE(sidePixels, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits a channel, RGB
  const body = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { contentType: 'image/png', width: sidePixels, height: sidePixels, body };
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
