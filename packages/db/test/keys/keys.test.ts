import { randomUUID } from 'node:crypto';
import { authenticateKey, createKey, listKeys, revokeKey } from '@hourly/db';
import { createTestDatabase, type TestDatabase } from '@hourly/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advance } from '../support/advance.ts';
import { dropWithCleanBooks } from '../support/books.ts';
import { createCustomer, createTestCustomer } from '../support/customer.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => dropWithCleanBooks(db));

const unauthenticated = { reason: 'UNAUTHENTICATED' };

async function keyed(accountId: string, expiresAt?: string) {
  const secretHash = randomUUID();
  const { key } = await createKey(db, {
    accountId,
    name: 'CI',
    prefix: 'hk_live_9fQx',
    secretHash,
    expiresAt,
  });
  return { secretHash, key };
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

test.each(['live', 'test'] as const)('a %s key tells whose it is', async (mode) => {
  const accountId = mode === 'live' ? await createCustomer(db) : await createTestCustomer(db);
  const { secretHash, key } = await keyed(accountId);
  expect(key).toMatchObject({ mode, name: 'CI', lastUsedAt: null, revokedAt: null });
  expect(await authenticateKey(db, { secretHash })).toMatchObject({
    keyId: key.id,
    accountId,
    mode,
  });
});

test('an unknown key is UNAUTHENTICATED', async () => {
  await expect(authenticateKey(db, { secretHash: 'nobody' })).rejects.toMatchObject(
    unauthenticated,
  );
});

test('its use is noted, at most once a minute', async () => {
  const accountId = await createCustomer(db);
  const { secretHash } = await keyed(accountId);
  const lastUsed = async () => (await listKeys(db, { accountId })).items[0]?.lastUsedAt ?? null;
  await authenticateKey(db, { secretHash });
  const first = await lastUsed();
  expect(first).not.toBeNull();
  await authenticateKey(db, { secretHash });
  expect(await lastUsed()).toBe(first);
  await db.owner.query(
    `update hourly_api_keys set last_used_at = last_used_at - interval '61 seconds' where secret_hash = $1`,
    [secretHash],
  );
  const aged = await lastUsed();
  await authenticateKey(db, { secretHash });
  expect(await lastUsed()).not.toBe(aged);
});

describe('revocation', () => {
  test('holds at once and stays as it is', async () => {
    const accountId = await createCustomer(db);
    const { secretHash, key } = await keyed(accountId);
    const revoked = await revokeKey(db, { accountId, id: key.id });
    expect(revoked.revokedAt).not.toBeNull();
    await expect(authenticateKey(db, { secretHash })).rejects.toMatchObject(unauthenticated);
    expect(await revokeKey(db, { accountId, id: key.id })).toEqual(revoked);
  });

  test("someone else's key is NOT_FOUND and goes on", async () => {
    const { secretHash, key } = await keyed(await createCustomer(db));
    const accountId = await createCustomer(db);
    await expect(revokeKey(db, { accountId, id: key.id })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
    expect(await authenticateKey(db, { secretHash })).toMatchObject({ keyId: key.id });
  });
});

describe('expiry', () => {
  test('is real time, in test mode too', async () => {
    const accountId = await createTestCustomer(db);
    const { secretHash } = await keyed(accountId, inSeconds(3600));
    await advance(db, accountId, 7200);
    expect(await authenticateKey(db, { secretHash })).toMatchObject({ accountId });
    await db.owner.query(
      `update hourly_api_keys set expires_at = clock_timestamp() where secret_hash = $1`,
      [secretHash],
    );
    await expect(authenticateKey(db, { secretHash })).rejects.toMatchObject(unauthenticated);
  });

  test('cannot be in the past', async () => {
    const accountId = await createCustomer(db);
    await expect(keyed(accountId, inSeconds(-1))).rejects.toMatchObject({
      reason: 'INVALID_INPUT',
    });
    expect((await listKeys(db, { accountId })).items).toEqual([]);
  });
});
