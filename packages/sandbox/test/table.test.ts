import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDueQueue } from '../src/due-queue.ts';
import { draw, pick, shuffled } from '../src/random.ts';
import { createShelf } from '../src/table.ts';

interface Row {
  id: string;
  group: string | null;
  count?: number;
}

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-table-'));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const byGroup = { group: (row: Row) => row.group };
const ids = (rows: Iterable<Row>) => [...rows].map(({ id }) => id);

describe('tables', () => {
  it('are the same as a plain list, whatever is put, removed and forgotten', () => {
    const table = createShelf(undefined).table<Row, 'group'>('row', 20, byGroup);
    let list: Row[] = [];
    for (let step = 0; step < 3_000; step += 1) {
      const id = String(Math.floor(draw(1, 'id', step) * 60));
      if (draw(1, 'act', step) < 0.3) {
        table.remove(id);
        list = list.filter((row) => row.id !== id);
      } else {
        // A row's group never changes.
        const group = Number(id) % 7 === 0 ? null : `g${Number(id) % 3}`;
        const row = { id, group, count: step };
        table.put(row);
        const at = list.findIndex((one) => one.id === id);
        if (at >= 0) list[at] = row;
        else list.push(row);
        list = list.slice(-20);
      }
      expect(table.size).toBe(list.length);
      if (step % 50 > 0) continue;
      expect([...table.oldestFirst()]).toEqual(list);
      expect([...table.newestFirst()]).toEqual([...list].reverse());
      for (const group of ['g0', 'g1', 'g2']) {
        const wanted = list.filter((row) => row.group === group).reverse();
        expect([...table.where('group', group)]).toEqual(wanted);
      }
    }
  });

  it('come back from the journal with their order, without what was removed or cleared', () => {
    const open = () => {
      const shelf = createShelf(dataDir);
      const table = shelf.table<Row, 'group'>('row', 100, byGroup);
      shelf.open();
      return { shelf, table };
    };
    const before = open();
    for (const id of ['a', 'b', 'c', 'd']) before.table.put({ id, group: 'g' });
    before.table.put({ id: 'a', group: 'g', count: 2 });
    before.table.remove('b');
    before.shelf.close();

    const after = open();
    expect(ids(after.table.oldestFirst())).toEqual(['a', 'c', 'd']);
    expect(ids(after.table.where('group', 'g'))).toEqual(['d', 'c', 'a']);
    expect(after.table.get('a')?.count).toBe(2);
    after.shelf.clear();
    after.table.put({ id: 'e', group: null });
    after.shelf.close();
    expect(readFileSync(join(dataDir, 'sandbox.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
    const last = open();
    expect(ids(last.table.newestFirst())).toEqual(['e']);
    last.shelf.close();
  });
});

describe('what waits for an instant', () => {
  it('comes out by instant, then as it went in', () => {
    const queue = createDueQueue();
    const all = Array.from({ length: 500 }, (_, sequence) => {
      return { atMs: Math.floor(draw(2, 'at', sequence) * 50), sequence, id: `${sequence}` };
    });
    for (const due of all) queue.add(due);
    const wanted = [...all].sort((a, b) => a.atMs - b.atMs || a.sequence - b.sequence);
    expect(queue.peek()).toEqual(wanted[0]);
    expect(all.map(() => queue.take())).toEqual(wanted);
    expect(queue.take()).toBeUndefined();
  });
});

describe('chance', () => {
  it('spreads evenly and depends on what is given alone', () => {
    const draws = Array.from({ length: 10_000 }, (_, nth) => draw(5, 'x', nth));
    expect(draws.reduce((sum, one) => sum + one, 0) / draws.length).toBeCloseTo(0.5, 1);
    expect(Math.min(...draws)).toBeLessThan(0.01);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draw(5, 'x', 1)).toBe(draws[1]);
    expect(shuffled([1, 2, 3, 4, 5, 6], 1)).toEqual(shuffled([1, 2, 3, 4, 5, 6], 1));
    expect(shuffled([1, 2, 3, 4, 5, 6], 1).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const shares = [
      ['a', 0.25],
      ['b', 0.25],
    ] as const;
    expect([0, 0.24, 0.25, 0.49, 0.5].map((at) => pick(at, shares))).toEqual([
      'a',
      'a',
      'b',
      'b',
      null,
    ]);
  });
});
