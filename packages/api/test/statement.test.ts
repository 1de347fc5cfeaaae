import { createHash } from 'node:crypto';
import { sealLedger } from '@hourly/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Customer, fundedTestCustomer } from './support/customer.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
let holder: Customer;
beforeAll(async () => {
  world = await createWorld();
  holder = await fundedTestCustomer(world, 1_000_000);
});
afterAll(() => world.stop());

const path = '/api/hourly-usage/transactions?format=jsonl&mode=test';
const download = (): Promise<Response> =>
  fetch(`${world.url}${path}`, { headers: { cookie: holder.headers.cookie ?? '' } });

/** The worker's: the web app's own role may not. */
async function seal(): Promise<void> {
  const client = await world.db.owner.connect();
  await client.query('set role hourly_worker');
  await sealLedger({ ...world.db, pool: client as never }, { limit: 1000 });
  await client.query('reset role');
  client.release();
}

describe('the sealed statement', () => {
  it('is a file of all rows, oldest first, settled and with true hashes', async () => {
    await holder.post('/start');
    await holder.post('/clock', { advanceSeconds: 12 * 3600 });
    await seal();
    // Due, and in nobody's books until somebody looks.
    await holder.post('/clock', { advanceSeconds: 3600 });
    const response = await download();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="hourly-statement.jsonl"',
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    const lines = (await response.text()).split('\n');
    const { balanceCents } = await holder.trpc.hourlyUsage.balance.query();
    expect(JSON.parse(lines.at(-2) ?? '')).toEqual({
      entries: 14,
      sealedEntries: 13,
      balanceCents,
      mode: 'test',
    });
    let hash = createHash('sha256');
    let hashes = 0;
    for (const line of lines) {
      const said = JSON.parse(line || '{}').hash;
      if (said !== undefined) {
        expect(hash.digest('hex')).toBe(said);
        hash = createHash('sha256');
        hashes += 1;
      }
      hash.update(`${line}\n`);
    }
    expect(hashes).toBe(2);
  });

  it('is the caller’s own, and nobody’s without credentials', async () => {
    expect((await fetch(`${world.url}${path}`)).status).toBe(401);
    const other = await fundedTestCustomer(world);
    const response = await fetch(`${world.url}${path}`, {
      headers: { cookie: other.headers.cookie ?? '' },
    });
    const [mine, theirs] = [await download(), response].map(async (answer) => {
      const [first = ''] = (await answer.text()).split('\n');
      return JSON.parse(first).ledgerId;
    });
    expect(await mine).not.toBe(await theirs);
  });

  it('has a status when it cannot be read at all', async () => {
    await world.db.owner.query(
      'alter function hourly_statement_at(bigint, bigint, bigint, bigint, bigint, integer) rename to gone',
    );
    try {
      expect((await download()).status).toBe(500);
    } finally {
      await world.db.owner.query(
        'alter function gone(bigint, bigint, bigint, bigint, bigint, integer) rename to hourly_statement_at',
      );
    }
  });
});
