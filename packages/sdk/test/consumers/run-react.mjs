// The hooks as Node loads them, rendered on the server.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as esm from '@hourly/sdk/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';

const cjs = createRequire(import.meta.url)('@hourly/sdk/react');
for (const { HourlyProvider, hourly } of [esm, cjs]) {
  const Status = () => createElement('p', null, hourly.hourlyUsage.status.useQuery().status);
  const page = renderToString(createElement(HourlyProvider, {}, createElement(Status)));
  assert.equal(page, '<p>pending</p>');
}
