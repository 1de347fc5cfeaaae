import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addBalance } from '@hourly/db';
import { migrate } from '@hourly/db/migrate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../src/connect.ts';
import { createEmptyDatabase, type EmptyDatabase } from '../migrate/empty-database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let database: EmptyDatabase;
let before: string;
beforeAll(async () => {
  database = await createEmptyDatabase();
  before = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-before-receipts-'));
  fs.cpSync(path.join(root, 'prisma/migrations'), path.join(before, 'migrations'), {
    recursive: true,
  });
  for (const name of fs.readdirSync(path.join(before, 'migrations'))) {
    if (/^\d/.test(name) && name >= '0005') {
      fs.rmSync(path.join(before, 'migrations', name), { recursive: true });
    }
  }
  fs.mkdirSync(path.join(before, 'sql'));
});
afterAll(async () => {
  await database.drop();
  fs.rmSync(before, { recursive: true });
});

const topup = (mode: 'live' | 'test', no: number, paidAt: string | null) =>
  `insert into hourly_topup_transactions (
     account_id, topup_no, status, amount_cents, amount_inr_paise, inr_per_usd, created_at, paid_at, razorpay_order_id
   )
   select id, ${no}, ${paidAt === null ? "'created', " : "'paid', "} 10000, 830000, 83, '2026-01-01',
     ${paidAt === null ? 'null' : `'${paidAt}'`}, ${mode === 'live' ? `'order_${no}'` : 'null'}
   from hourly_account_balance where mode = '${mode}'`;

test('what was paid before there were receipts is numbered in its order, and what follows goes on', async () => {
  await migrate({
    url: database.url,
    migrationsDir: path.join(before, 'migrations'),
    functionsDir: path.join(before, 'sql'),
  });
  const { pool } = database;
  await pool.query(
    `insert into hourly_account_balance (user_id, mode, clock_at, as_of, created_at)
     values ('ada', 'live', null, now(), now()), ('ada', 'test', now(), now(), now())`,
  );
  await pool.query(topup('live', 1, '2026-04-02T00:00:00Z'));
  await pool.query(topup('live', 2, '2026-03-31T10:00:00Z'));
  await pool.query(topup('live', 3, '2026-03-31T20:00:00Z'));
  await pool.query(topup('live', 4, null));
  await pool.query(topup('test', 1, '2026-04-02T00:00:00Z'));
  await pool.query(
    `insert into hourly_refunds (account_id, topup_id, amount_cents, amount_paise, status, source, created_at, settled_at)
     select account_id, id, 100, 8300, s, 'provider', '2026-04-05', case s when 'pending' then null else timestamptz '2026-04-06' end
     from hourly_topup_transactions, unnest(array['processed', 'failed', 'pending']) s
     where razorpay_order_id = 'order_1'`,
  );

  await migrate({ url: database.url });
  const db = createDatabase({ url: database.url, role: 'hourly_app' });
  const receipts = async () => {
    const { rows } = await db.pool.query(
      `select q.number, t.topup_no::int as no, q.amount_paise::int as paise
       from hourly_receipts q join hourly_topup_transactions t on t.id = q.topup_id order by issued_at`,
    );
    return rows;
  };
  const known = [
    { number: 'PR/25-26/000001', no: 2, paise: 830_000 },
    { number: 'PR/26-27/000001', no: 3, paise: 830_000 },
    { number: 'PR/26-27/000002', no: 1, paise: 830_000 },
    { number: 'PF/26-27/000001', no: 1, paise: 8300 },
  ];
  try {
    expect(await receipts()).toEqual(known);
    await addBalance(db, {
      paymentId: 'pay_4',
      orderId: 'order_4',
      amountPaise: 830_000,
      currency: 'INR',
      source: 'webhook',
      now: '2097-04-02T00:00:00Z',
    });
    expect(await receipts()).toEqual([
      ...known,
      { number: 'PR/97-98/000001', no: 4, paise: 830_000 },
    ]);
  } finally {
    await db.close();
  }
});
