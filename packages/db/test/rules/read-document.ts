import { lengthUs } from './instants.ts';

/** A fenced block of lines, or a row of a table, that is to be executed. */
export interface Example {
  /** Where it begins: the line of the document. */
  line: number;
  /** Lines to execute, with their places in the document. */
  steps: { line: number; text: string }[];
}

/** What stands between two headings. */
export interface Section {
  title: string;
  line: number;
  /** Everything outside of examples. */
  prose: string;
  examples: Example[];
}

const fence = '```';

/** The sections of a document, each with its examples. Throws where a block is neither an example nor closed. */
export function readDocument(text: string): Section[] {
  const sections: Section[] = [];
  let open: Example | undefined;
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const section = sections.at(-1);
    const heading = /^#+ (.+)$/.exec(content);
    if (open !== undefined) {
      if (content === fence) open = undefined;
      else if (content.trim() !== '') open.steps.push({ line, text: content.trim() });
    } else if (heading) {
      sections.push({ title: heading[1] ?? '', line, prose: '', examples: [] });
    } else if (section === undefined) {
      throw new Error(`line ${line}: the document begins with a heading`);
    } else if (content.startsWith(fence)) {
      if (content !== `${fence}example`)
        throw new Error(`line ${line}: not an example: ${content}`);
      open = { line, steps: [] };
      section.examples.push(open);
    } else if (/^\| \d/.test(content)) {
      section.examples.push(exampleOfRow(content, line));
    } else {
      section.prose += `${content}\n`;
    }
  });
  if (open !== undefined) throw new Error(`line ${open.line}: the example is never closed`);
  return sections;
}

/**
 * A row `| 1 h | 5 h | 1 hour = $15 |`: active for so long, with a pause of so long in the middle of it, and what that
 * is charged.
 */
function exampleOfRow(row: string, line: number): Example {
  const cells = row.split('|').map((cell) => cell.trim());
  const [, active = '', pause = '', charged = ''] = cells;
  const activeUs = lengthUs(active);
  if (cells.length !== 5 || activeUs === null || charged === '') {
    throw new Error(`line ${line}: not a row of active time, pause and charge: ${row}`);
  }
  const firstUs = pause === 'none' ? activeUs : Math.floor(activeUs / 2);
  const paused = [`after ${firstUs} µs pause`, `after ${pause} resume`];
  const steps = [
    '00:00 top up $100',
    '00:00 start',
    ...(pause === 'none' ? [] : paused),
    `after ${pause === 'none' ? activeUs : activeUs - firstUs} µs end → charged ${charged}, used ${active}`,
  ];
  return { line, steps: steps.map((text) => ({ line, text })) };
}

/** What the prose of a section names, and no example of it shows: amounts of money and reasons of refusals. */
export function claimsWithoutExample({ prose, examples }: Section): string[] {
  const shown = examples.flatMap(({ steps }) => steps.map(({ text }) => text)).join('\n');
  const claims = prose.match(/[$₹]\d+(?:,\d{2,3})*(?:\.\d\d)?|\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? [];
  return claims.filter((claim) => !new RegExp(`${escaped(claim)}(?![\\d,.]*\\d)`).test(shown));
}

const escaped = (text: string): string => text.replaceAll(/[$.]/g, '\\$&');
