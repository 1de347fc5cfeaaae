import { describe, expect, it } from 'vitest';
import { identifyPicture } from '../src/gateways/picture.ts';
import { samplePicture } from '../src/generations/sample-picture.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(30)]);

describe('a picture is known by its bytes', () => {
  it.each([
    ['PNG', samplePicture().body, { contentType: 'image/png', width: 64, height: 64 }],
    [
      'GIF',
      padded(Buffer.from('GIF89a\x40\x01\x20\x00', 'latin1')),
      { contentType: 'image/gif', width: 320, height: 32 },
    ],
    [
      'JPEG, behind its other segments',
      padded(hex('ffd8 ffe0 0004 0000 ff ffc4 0003 00 ffc2 0011 08 0100 0200 03')),
      { contentType: 'image/jpeg', width: 512, height: 256 },
    ],
    [
      'WebP, lossy',
      padded(
        Buffer.concat([
          Buffer.from('RIFF____WEBPVP8 ____', 'latin1'),
          hex('000000 9d012a 8000 4000'),
        ]),
      ),
      { contentType: 'image/webp', width: 128, height: 64 },
    ],
    [
      'WebP, lossless',
      padded(Buffer.concat([Buffer.from('RIFF____WEBPVP8L____', 'latin1'), hex('2f 7fc00f00')])),
      { contentType: 'image/webp', width: 128, height: 64 },
    ],
    [
      'WebP, extended',
      padded(
        Buffer.concat([
          Buffer.from('RIFF____WEBPVP8X____', 'latin1'),
          hex('00000000 7f0000 3f0000'),
        ]),
      ),
      { contentType: 'image/webp', width: 128, height: 64 },
    ],
  ])('%s', (_name, body, kind) => {
    expect(identifyPicture(body)).toEqual(kind);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a drawing that can run scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['half a PNG', samplePicture().body.subarray(0, 20)],
    ['a JPEG without a frame', padded(hex('ffd8 ffe0 0004 0000'))],
    ['a JPEG cut short', hex('ffd8 ffe0 ffff 00')],
    ['a PNG of no size', Buffer.concat([samplePicture().body.subarray(0, 16), Buffer.alloc(16)])],
  ])('is not %s', (_name, body) => {
    expect(identifyPicture(body)).toBeNull();
  });
});
