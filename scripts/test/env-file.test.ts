import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from '../environment/env-file.ts';

test('the real environment wins over the file, and empty values count as not set', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hourly-env-'));
  const file = path.join(folder, '.env.local');
  fs.writeFileSync(
    file,
    '# ours\nPORT=4000\nRUNPOD_API_KEY="a b"\nCLERK_JWT_KEY=\nexport TZ=UTC\n',
  );
  const environment = readEnvironment({ HOURLY_ENV_FILE: file, PORT: '5000', DATABASE_URL: '' });
  expect(environment).toEqual({
    HOURLY_ENV_FILE: file,
    PORT: '5000',
    RUNPOD_API_KEY: 'a b',
    TZ: 'UTC',
  });
  fs.rmSync(folder, { recursive: true });
});

test('without the file there is the real environment alone', () => {
  const real = { HOURLY_ENV_FILE: '/nowhere/.env.local', PORT: '1' };
  expect(readEnvironment(real)).toEqual(real);
});
