import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { matchPath } from '../src/http.ts';
import { type Levers, switchboardRoutes } from '../src/switchboard/switchboard.ts';
import { sandbox, webhookReceiver } from './helpers.ts';

const page = readFileSync(new URL('../../../docs/stand-ins.md', import.meta.url), 'utf8');

interface Example {
  method: string;
  path: string;
  body: string;
  status: number;
  /** Which name the later examples call what of the answer by. */
  name: string | undefined;
  field: string | undefined;
}

function parse(block: string): Example {
  const [first = '', ...rest] = block.trim().split('\n');
  const [method = '', path = ''] = first.split(' ');
  const last = /^→ (\d{3})(?:, (\w+) = ([\w.]+))?$/.exec(rest.pop() ?? '');
  if (!last) throw new Error(`no result: ${block}`);
  const [, status, name, field] = last;
  return { method, path, body: rest.join('\n'), status: Number(status), name, field };
}

const blocks = [...page.matchAll(/^```http\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
const examples = blocks.map(parse);

/** A field of a parsed answer by its path, like `items.0.id`. */
function at(answer: unknown, path: string): string {
  let found = answer;
  for (const part of path.split('.'))
    found = (found as Record<string, unknown> | undefined)?.[part];
  if (typeof found !== 'string') throw new Error(`${path} is no string: ${JSON.stringify(answer)}`);
  return found;
}

it('does what the page says, example by example', async () => {
  const { url: webhookUrl } = await webhookReceiver();
  const { url } = await sandbox({ webhookUrl });
  const names = new Map<string, string>();
  for (const { method, path, body, status, name, field } of examples) {
    const filled = path.replace(/\{(\w+)\}/g, (_whole, named: string) => names.get(named) ?? named);
    const response = await fetch(`${url}${filled}`, {
      method,
      ...(body === '' ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    expect(response.status, `${method} ${filled}: ${text}`).toBe(status);
    if (name && field) names.set(name, at(JSON.parse(text), field));
  }
});

it('shows every lever, and none that there isn’t', () => {
  const parts = { razorpay: {}, webhooks: {}, clock: {}, faults: {} };
  const routes = switchboardRoutes(parts as unknown as Levers);
  const shown = examples.map(({ method, path }) => {
    const fits = ({ method: wanted, pattern }: (typeof routes)[number]) =>
      wanted === method && matchPath(pattern, path.split('?')[0] ?? '') !== null;
    return routes.find(fits);
  });
  expect(shown).not.toContain(undefined);
  const missing = routes.filter((route) => !shown.includes(route));
  expect(missing.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual([]);
});

it('works in the process as the page says', async () => {
  const code = /^```ts\n(.*?)^```$/ms.exec(page)?.[1] ?? '';
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-docs-'));
  try {
    const file = join(folder, 'example.ts');
    writeFileSync(file, code.replace('@hourly/sandbox', entry));
    const { events, delivered } = await import(/* @vite-ignore */ pathToFileURL(file).href);
    expect(events).toEqual([
      'payment.captured',
      'payment.captured',
      'order.paid',
      'order.paid',
      'payment.captured',
      'refund.processed',
      'refund.created',
    ]);
    expect(delivered).toBe(6);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
