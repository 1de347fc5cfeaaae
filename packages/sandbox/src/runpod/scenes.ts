import { createNoise, layered, type Random } from './noise.ts';
import type { Palette, Rgb } from './palette.ts';

/** Colours one row of pixels into `row` (RGB, 0 to 255; clamped by the array). */
export type PaintRow = (y: number, row: Uint8ClampedArray) => void;

export interface Canvas {
  width: number;
  height: number;
  palette: Palette;
  random: Random;
}

export type Scene = (canvas: Canvas) => PaintRow;

const smooth = (from: number, to: number, x: number) => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Math.hypot guards against overflow, which pixels don't need, and costs ten times as much. */
const length = (x: number, y: number) => Math.sqrt(x * x + y * y);

function setPixel(row: Uint8ClampedArray, x: number, color: Rgb): void {
  row[x * 3] = color[0];
  row[x * 3 + 1] = color[1];
  row[x * 3 + 2] = color[2];
}

function mixPixel(row: Uint8ClampedArray, x: number, color: Rgb, alpha: number): void {
  for (let c = 0; c < 3; c += 1) {
    const below = row[x * 3 + c] ?? 0;
    row[x * 3 + c] = below + ((color[c] ?? 0) - below) * alpha;
  }
}

/** Ridges fading into haze under a low sun, or under a moon and stars. */
export const ridges: Scene = ({ width, height, palette, random }) => {
  const noise = createNoise(random);
  const unit = Math.min(width, height);
  const sun = {
    x: width * (0.22 + random() * 0.56),
    y: height * (0.2 + random() * 0.2),
    radius: unit * (0.055 + random() * 0.05),
  };
  const stars = new Map<number, number>();
  for (let i = 0; i < (palette.isNight ? 260 : 0); i += 1) {
    const x = Math.floor(random() * width);
    const y = Math.floor(random() * height * 0.62);
    stars.set(y * width + x, 0.25 + random() * 0.75);
  }
  const layers = 6 + Math.floor(random() * 2);
  const roughness = 1.1 + random() * 1.2;
  const skylines = Array.from({ length: layers }, (_, layer) => {
    const depth = layer / (layers - 1);
    const line = new Float32Array(width);
    const base = height * (0.44 + depth * 0.46);
    const swing = height * (0.12 + (1 - depth) * 0.1);
    for (let x = 0; x < width; x += 1) {
      const along = (x / unit) * roughness * (1.2 + depth * 1.1);
      const relief = layered(noise, along + layer * 31.7, layer * 7.9, 6);
      line[x] = base - (relief - 0.42) * swing * 2;
    }
    return line;
  });
  const nightfall = palette.isNight ? 0.5 : 0.84;
  const light: Rgb = palette.isNight ? [238, 236, 226] : [255, 246, 222];
  const paintSky = (y: number, sky: number, x: number, row: Uint8ClampedArray) => {
    const distance = length(x - sun.x, y - sun.y);
    const glow = Math.exp(-distance / (unit * 0.24));
    const tone = palette.isNight ? 0.04 + sky * 0.5 : 0.5 + sky * 0.42;
    setPixel(row, x, palette.at(Math.min(1, tone + glow * 0.24)));
    const disc = 1 - smooth(sun.radius - 1, sun.radius + 1, distance);
    mixPixel(row, x, light, Math.max(disc * 0.95, glow * 0.4));
  };
  const paintRidge = (below: number, layer: number, x: number, row: Uint8ClampedArray) => {
    const depth = layer / (layers - 1);
    const haze = smooth(0, height * 0.26, below) * 0.15 * (1 - depth * 0.6);
    const color = palette.at(nightfall * (1 - depth) ** 1.15 + haze);
    mixPixel(row, x, color, Math.min(1, below + 0.5));
  };
  const below = (y: number, layer: number, x: number) => y - (skylines[layer]?.[x] ?? 0);
  return (y, row) => {
    const sky = smooth(0, 0.72, y / height);
    for (let x = 0; x < width; x += 1) {
      // The nearest ridge that covers this pixel wholly hides everything behind it.
      let layer = layers - 1;
      while (layer >= 0 && below(y, layer, x) < 0.5) layer -= 1;
      if (layer < 0) paintSky(y, sky, x, row);
      for (let nearer = Math.max(0, layer); nearer < layers; nearer += 1) {
        const depthBelow = below(y, nearer, x);
        if (depthBelow > -0.5) paintRidge(depthBelow, nearer, x, row);
      }
      const star = layer < 0 ? stars.get(y * width + x) : undefined;
      if (star !== undefined) mixPixel(row, x, [255, 255, 255], star);
    }
  };
};

const FIELD = 192;

/** A smooth field of heights, drawn on a small grid and read in between: quick at any size. */
function warpedField(
  random: Random,
  scale: number,
  warp: number,
  octaves: number,
): (u: number, v: number) => number {
  const noise = createNoise(random);
  const side = FIELD + 3;
  const grid = new Float32Array(side * side);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < side; j += 1) {
    for (let i = 0; i < side; i += 1) {
      const x = (i / FIELD) * scale;
      const y = (j / FIELD) * scale;
      const dx = layered(noise, x + 5.2, y + 1.3, 2) - 0.5;
      const dy = layered(noise, x - 3.7, y + 8.8, 2) - 0.5;
      const height = layered(noise, x + dx * warp, y + dy * warp, octaves);
      grid[j * side + i] = height;
      low = Math.min(low, height);
      high = Math.max(high, height);
    }
  }
  const at = (i: number, j: number) => grid[j * side + i] ?? 0;
  // Quadratic B-splines: their slope is continuous, so light on the field shows no grid.
  const weights = (t: number) => [0.5 * (1 - t) ** 2, 0.5 + t * (1 - t), 0.5 * t * t];
  return (u, v) => {
    const x = u * FIELD;
    const y = v * FIELD;
    const i = Math.floor(x);
    const j = Math.floor(y);
    const [a = 0, b = 0, c = 0] = weights(x - i);
    const [d = 0, e = 0, f = 0] = weights(y - j);
    const top = at(i, j) * a + at(i + 1, j) * b + at(i + 2, j) * c;
    const middle = at(i, j + 1) * a + at(i + 1, j + 1) * b + at(i + 2, j + 1) * c;
    const bottom = at(i, j + 2) * a + at(i + 1, j + 2) * b + at(i + 2, j + 2) * c;
    return (top * d + middle * e + bottom * f - low) / (high - low);
  };
}

/** Folds of silk: a field lit from one side. */
export const silk: Scene = ({ width, height, palette, random }) => {
  const field = warpedField(random, 0.9 + random() * 0.5, 2 + random() * 1.2, 2);
  const unit = Math.max(width, height);
  const folds = 2.4 + random() * 1.4;
  const above = new Float32Array(width);
  let isFirst = true;
  return (y, row) => {
    let left = 0;
    for (let x = 0; x < width; x += 1) {
      const value = field(x / unit, y / unit);
      const slopeX = x === 0 ? 0 : (value - left) * unit;
      const slopeY = isFirst ? 0 : (value - (above[x] ?? 0)) * unit;
      left = value;
      above[x] = value;
      const wave = 0.5 + 0.5 * Math.sin(value * Math.PI * 2 * folds);
      const facing = Math.cos(value * Math.PI * 2 * folds) * (slopeX * 0.6 + slopeY);
      const light = facing / (1 + Math.abs(facing));
      setPixel(row, x, palette.at(0.12 + wave * 0.5 + value * 0.2 + light * 0.2));
      const shine = smooth(0.75, 1, wave) * smooth(0.2, 0.8, light);
      mixPixel(row, x, palette.accent, shine * 0.5);
    }
    isFirst = false;
  };
};

/** A colour made lighter (amount > 0) or darker. */
function shaded(color: Rgb, amount: number): Rgb {
  const end = amount > 0 ? 255 : 0;
  const mix = (value: number) => value + (end - value) * Math.min(1, Math.abs(amount) * 1.4);
  return [mix(color[0]), mix(color[1]), mix(color[2])];
}

/** Glass spheres, small ones behind, in soft light. */
export const orbs: Scene = ({ width, height, palette, random }) => {
  const unit = Math.min(width, height);
  const count = 9 + Math.floor(random() * 6);
  const spheres = Array.from({ length: count }, (_, i) => ({
    x: width * (0.04 + random() * 0.92),
    y: height * (0.04 + random() * 0.92),
    radius: unit * (0.03 + (i / count) ** 1.6 * 0.2 + random() * 0.05),
    tone: 0.2 + random() * 0.6,
    isAccent: random() < 0.2,
  }));
  const tilt = random() * 0.5;
  return (y, row) => {
    for (let x = 0; x < width; x += 1) {
      const t = y / height + (x / width - 0.5) * tilt;
      setPixel(row, x, palette.at(palette.isNight ? 0.05 + 0.4 * t : 0.92 - 0.5 * t));
    }
    for (const sphere of spheres) {
      const { radius, tone } = sphere;
      const dy = (y - sphere.y) / radius;
      if (Math.abs(dy) > 1.5) continue;
      const reach = radius * 1.5;
      const to = Math.min(width - 1, Math.ceil(sphere.x + reach));
      for (let x = Math.max(0, Math.floor(sphere.x - reach)); x <= to; x += 1) {
        const dx = (x - sphere.x) / radius;
        const shadow = 1 - smooth(0.5, 1.4, length(dx - 0.1, dy - 0.18));
        if (shadow > 0) mixPixel(row, x, palette.at(0), shadow * 0.3);
        const distance = length(dx, dy);
        if (distance > 1 + 1 / radius) continue;
        const lit = (1 - dx * 0.55 - dy * 0.75) * 0.5;
        const rim = smooth(0.72, 1, distance) * 0.22;
        const shade = (lit - 0.5) * 0.5 + rim;
        const body = sphere.isAccent ? shaded(palette.accent, shade) : palette.at(tone + shade);
        const edge = Math.min(1, (1 - distance) * radius + 0.5);
        mixPixel(row, x, body, Math.max(0, edge));
        const spot = Math.exp(-((dx + 0.36) ** 2 + (dy + 0.42) ** 2) * 14);
        mixPixel(row, x, [255, 255, 255], spot * 0.75 * Math.max(0, edge));
      }
    }
  };
};

/** A relief cut from paper: steps of colour, each casting a soft shadow on the next. */
export const paper: Scene = ({ width, height, palette, random }) => {
  const field = warpedField(random, 1.6 + random() * 0.8, 0.9 + random() * 0.7, 2);
  const unit = Math.max(width, height);
  const sheets = 7 + Math.floor(random() * 4);
  const isRising = random() < 0.5;
  const accented = 1 + Math.floor(random() * (sheets - 2));
  return (y, row) => {
    for (let x = 0; x < width; x += 1) {
      const u = x / unit;
      const v = y / unit;
      const level = field(u, v) * sheets;
      const sheet = Math.floor(level);
      const t = (sheet + 0.5) / sheets;
      setPixel(row, x, palette.at(0.1 + (isRising ? t : 1 - t) * 0.84));
      if (sheet === accented) mixPixel(row, x, palette.accent, 0.7);
      // Sheets towards the light that lie higher throw their shadow here, darkest at their edge.
      let shadow = 0;
      for (let step = 1; step <= 3; step += 1) {
        const reach = step * 0.007;
        const higher = field(Math.max(0, u - reach), Math.max(0, v - reach)) * sheets;
        if (higher >= sheet + 1) shadow += smooth(0, 0.12, higher - sheet - 1) * 0.15;
      }
      mixPixel(row, x, palette.at(0), shadow);
    }
  };
};
