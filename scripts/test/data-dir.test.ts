import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { useDataDir } from '../installation/data-dir.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-data-dir-'));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test('makes the folder and those above it, and takes one that exists', () => {
  const wanted = path.join(folder, 'a', 'b');
  expect(useDataDir({ HOURLY_DATA_DIR: wanted }).path).toBe(wanted);
  expect(fs.statSync(wanted).isDirectory()).toBe(true);
  expect(useDataDir({ HOURLY_DATA_DIR: wanted }).path).toBe(wanted);
});

test.runIf(process.platform === 'linux')('gives up where no folder can be made', () => {
  expect(() => useDataDir({ HOURLY_DATA_DIR: '/proc/hourly/data' })).toThrow(
    "The data folder /proc/hourly/data can't be used: ENOENT",
  );
});
