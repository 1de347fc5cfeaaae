import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRandom, hashText } from './noise.ts';
import { createPalette } from './palette.ts';
import { encodePng } from './png.ts';
import { orbs, paper, ridges, type Scene, silk } from './scenes.ts';

const SIDE_MINIMUM = 64;
const SIDE_MAXIMUM = 1536;
/** How long drawing may hold the event loop before others get their turn. */
const SLICE_MS = 12;

/** Words that ask for a scene; other prompts get one by their hash. */
const SCENES: [RegExp, Scene][] = [
  [/\b(landscape|mountains?|hills?|sunset|sunrise|valley|desert|dunes?|night sky)\b/i, ridges],
  [/\b(silk|abstract|waves?|ocean|sea|smoke|marble|aurora|flow)\b/i, silk],
  [/\b(planets?|bubbles?|spheres?|glass|space|galaxy|orbs?|balls?|3d)\b/i, orbs],
  [/\b(paper|map|canyon|papercut|contours?|topographic|layers?)\b/i, paper],
];

export interface PictureRequest {
  prompt: string;
  model: string;
  width: number;
  height: number;
  seed: number;
}

export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/** Sides between 64 and 1536 pixels. */
function clampSide(side: number): number {
  return Math.min(SIDE_MAXIMUM, Math.max(SIDE_MINIMUM, Math.round(side)));
}

function chooseScene(prompt: string): Scene {
  const asked = SCENES.find(([words]) => words.test(prompt));
  if (asked) return asked[1];
  const scenes = [ridges, silk, orbs, paper];
  return scenes[(hashText(prompt) >>> 4) % scenes.length] ?? ridges;
}

/**
 * Draws a picture: always the same for the same request, another for another prompt, model or seed.
 * Gives other work its turn between rows.
 *
 * @throws the signal's reason when it aborts.
 */
export async function drawPicture(request: PictureRequest, signal: AbortSignal): Promise<Picture> {
  const width = clampSide(request.width);
  const height = clampSide(request.height);
  const random = createRandom(hashText(`${request.model}\n${request.prompt}\n${request.seed}`));
  const palette = createPalette(request.prompt, random);
  const paintRow = chooseScene(request.prompt)({ width, height, palette, random });
  const pixels = new Uint8ClampedArray(width * height * 3);
  let turnEndsAt = performance.now() + SLICE_MS;
  for (let y = 0; y < height; y += 1) {
    paintRow(y, pixels.subarray(y * width * 3, (y + 1) * width * 3));
    if (performance.now() < turnEndsAt) continue;
    await nextTurn();
    signal.throwIfAborted();
    turnEndsAt = performance.now() + SLICE_MS;
  }
  const png = await encodePng(new Uint8Array(pixels.buffer), width, height);
  return { png, width, height };
}
