// The package as Node loads it: as an ES module, as CommonJS, and both in one program.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from '@hourly/sdk';

const cjs = createRequire(import.meta.url)('@hourly/sdk');
assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());

for (const { Hourly, HourlyError } of [esm, cjs]) {
  const answers = [
    Response.json({ balanceCents: 100 }),
    Response.json({ message: 'm', code: 'C', reason: 'NO_OPEN_SESSION' }, { status: 404 }),
  ];
  const hourly = new Hourly({
    apiKey: 'hk_test_x',
    baseUrl: 'https://hourly.example.com',
    fetch: async () => answers.shift(),
  });
  assert.equal((await hourly.balance()).balanceCents, 100);
  const error = await hourly.sessions.end().catch((cause) => cause);
  assert.ok(error instanceof HourlyError);
  for (const copy of [esm, cjs]) assert.ok(copy.HourlyError.is(error));
  assert.equal(error.reason, 'NO_OPEN_SESSION');
}
