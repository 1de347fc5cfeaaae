import { hashText, type Random } from './noise.ts';

export type Rgb = [number, number, number];

/** Colours from dark (0) to light (1), plus one that stands out. */
export interface Palette {
  /** 8-bit colour at t in [0, 1]. */
  at: (t: number) => Rgb;
  accent: Rgb;
  isNight: boolean;
}

const STEPS = 512;

/** Words that ask for a colour: the hue in degrees (OKLCH). */
const HUES: [RegExp, number][] = [
  [/\b(sunset|dusk|dawn|sunrise|orange|autumn|fox|copper)\b/i, 50],
  [/\b(fire|lava|red|rose|ruby|mars)\b/i, 25],
  [/\b(gold|golden|desert|sand|honey|wheat|dune|dunes)\b/i, 80],
  [/\b(forest|jungle|green|moss|garden|leaf|tea|fern)\b/i, 150],
  [/\b(teal|lagoon|jade|mint|aurora)\b/i, 185],
  [/\b(sea|ocean|lake|river|rain|ice|blue|sky|winter|glacier|wave|waves)\b/i, 235],
  [/\b(night|moon|space|galaxy|star|stars|cosmic|midnight)\b/i, 275],
  [/\b(violet|purple|lavender|neon|synthwave|dream)\b/i, 305],
  [/\b(pink|blossom|cherry|candy|flamingo|peony)\b/i, 350],
];
const NIGHT = /\b(night|moon|space|galaxy|star|stars|cosmic|midnight|dark|noir)\b/i;

/** OKLCH to 8-bit sRGB, clipped (https://bottosson.github.io/posts/oklab/). */
function oklch(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const encode = (linear: number) => {
    const clipped = Math.min(1, Math.max(0, linear));
    const gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(gamma * 255);
  };
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** A harmony from the prompt: its words if they name colours, else its hash. */
export function createPalette(prompt: string, random: Random): Palette {
  const hash = hashText(prompt);
  const named = HUES.find(([words]) => words.test(prompt));
  const hue = (named ? named[1] : hash % 360) + (random() - 0.5) * 16;
  const isNight = NIGHT.test(prompt);
  // How far the hue wanders from dark to light; prompts differ, seeds hardly.
  const spread = (hash & 1 ? 1 : -1) * (45 + ((hash >>> 8) % 55));
  const stops: [number, number][] = isNight
    ? [
        [0.13, 0.05],
        [0.22, 0.09],
        [0.34, 0.13],
        [0.52, 0.15],
        [0.82, 0.09],
      ]
    : [
        [0.24, 0.08],
        [0.43, 0.14],
        [0.63, 0.16],
        [0.79, 0.12],
        [0.95, 0.045],
      ];
  const table: Rgb[] = [];
  for (let i = 0; i < STEPS; i += 1) {
    const position = (i / (STEPS - 1)) * (stops.length - 1);
    const from = stops[Math.floor(position)] ?? [0, 0];
    const to = stops[Math.ceil(position)] ?? from;
    const t = position - Math.floor(position);
    const mix = (j: 0 | 1) => from[j] + (to[j] - from[j]) * t;
    // The named colour sits in the middle tones, where most of a picture is.
    table.push(oklch(mix(0), mix(1), hue + spread * (i / STEPS - 0.55)));
  }
  const fallback: Rgb = [0, 0, 0];
  return {
    at: (t) => table[Math.min(STEPS - 1, Math.max(0, Math.round(t * (STEPS - 1))))] ?? fallback,
    accent: oklch(isNight ? 0.9 : 0.86, 0.12, hue + 150),
    isNight,
  };
}
