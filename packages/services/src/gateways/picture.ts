/** What kind of picture some bytes are, read from the bytes themselves, whatever their sender calls them. */
export interface PictureKind {
  contentType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  width: number;
  height: number;
}

/** Null when the bytes are no picture that browsers show. */
export function identifyPicture(body: Buffer): PictureKind | null {
  const found = png(body) ?? jpeg(body) ?? gif(body) ?? webp(body);
  return found && found.width > 0 && found.height > 0 ? found : null;
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

function png(body: Buffer): PictureKind | null {
  if (body.length < 24 || !body.subarray(0, 8).equals(pngSignature)) return null;
  return { contentType: 'image/png', width: body.readUInt32BE(16), height: body.readUInt32BE(20) };
}

function gif(body: Buffer): PictureKind | null {
  if (body.length < 10 || body.toString('latin1', 0, 4) !== 'GIF8') return null;
  return { contentType: 'image/gif', width: body.readUInt16LE(6), height: body.readUInt16LE(8) };
}

/** Walks the segments to the frame header, which carries the size. Source: ITU T.81, annex B. */
function jpeg(body: Buffer): PictureKind | null {
  if (body.length < 4 || body.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= body.length) {
    if (body[at] !== 0xff) return null;
    const marker = body[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const height = body.readUInt16BE(at + 5);
      return { contentType: 'image/jpeg', width: body.readUInt16BE(at + 7), height };
    }
    // A marker may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + Math.max(2, body.readUInt16BE(at + 2));
  }
  return null;
}

/** Source: https://developers.google.com/speed/webp/docs/riff_container */
function webp(body: Buffer): PictureKind | null {
  if (body.length < 30 || body.toString('latin1', 0, 4) !== 'RIFF') return null;
  const contentType = 'image/webp';
  switch (body.toString('latin1', 8, 16)) {
    case 'WEBPVP8 ':
      return {
        contentType,
        width: body.readUInt16LE(26) & 0x3fff,
        height: body.readUInt16LE(28) & 0x3fff,
      };
    case 'WEBPVP8L': {
      const bits = body.readUInt32LE(21);
      return { contentType, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    case 'WEBPVP8X':
      return { contentType, width: body.readUIntLE(24, 3) + 1, height: body.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}
