import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { choosePorts } from '../installation/ports.ts';

const servers: net.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(port: number, host: string): Promise<number> {
  const server = net.createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a PORT that is asked for and taken is an error, on whatever address', async () => {
  for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
    const port = await listen(0, host);
    await expect(choosePorts({ PORT: String(port) }, true)).rejects.toThrow(
      `Port ${port} is in use`,
    );
  }
});

test('a port that is being left is waited for', async () => {
  const port = await listen(0, '127.0.0.1');
  const asked = choosePorts({ PORT: String(port) }, false, 5_000);
  const [leaving] = servers.splice(0);
  setTimeout(() => leaving?.close(), 200);
  expect(await asked).toMatchObject({ web: port });
});

test('the port after it counts only when the stand-ins need it', async () => {
  const { web, sandbox } = await choosePorts({}, true);
  await listen(sandbox, '127.0.0.1');
  const asked = { PORT: String(web) };
  await expect(choosePorts(asked, true)).rejects.toThrow(`Port ${sandbox}, which PORT=${web}`);
  expect(await choosePorts(asked, false)).toMatchObject({ web });
});

test('the default moves on to the next free pair', async () => {
  const first = await choosePorts({}, true);
  await listen(first.sandbox, '127.0.0.1');
  const next = await choosePorts({}, true);
  expect(next.web).toBeGreaterThan(first.sandbox);
  expect(next.sandbox).toBe(next.web + 1);
});

test.each(['0', '65535', 'http', '3000.5', '-1'])('PORT=%s is refused', async (PORT) => {
  await expect(choosePorts({ PORT }, true)).rejects.toThrow('PORT is a whole number');
});
