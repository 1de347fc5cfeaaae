import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../environment/env-file.ts';
import { StopError } from '../stop-error.ts';

const DEFAULT_PORT = 3000;
const ATTEMPTS = 50;

/** The web app listens on `web`; the stand-ins, where there are any, on `web + 1`. */
export type Ports = { web: number; sandbox: number };

/**
 * The ports to use. A PORT that is asked for and taken is an error; the default moves on.
 *
 * @param withSandbox whether the second one is needed too
 * @param patienceMs how long those who are on their way out may take to leave the ports that come first
 */
export async function choosePorts(
  environment: Environment,
  withSandbox: boolean,
  patienceMs = 0,
): Promise<Ports> {
  const asked = environment.PORT;
  if (asked !== undefined) {
    const ports = pair(parsePort(asked));
    const taken = await stillTaken(ports, withSandbox, patienceMs);
    if (taken === undefined) return ports;
    const why = taken === ports.web ? '' : `, which PORT=${asked} gives to the stand-ins,`;
    throw new StopError(`Port ${taken}${why} is in use. Free it or set PORT to another.`);
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const ports = pair(DEFAULT_PORT + 2 * attempt);
    const taken = await stillTaken(ports, withSandbox, attempt === 0 ? patienceMs : 0);
    if (taken === undefined) return ports;
  }
  throw new StopError(
    `All ports from ${DEFAULT_PORT} to ${DEFAULT_PORT + 2 * ATTEMPTS} are in use. Set PORT to a free one.`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_534) return port;
  throw new StopError(`PORT is a whole number from 1 to 65534, not "${text}".`);
}

const pair = (web: number): Ports => ({ web, sandbox: web + 1 });

async function stillTaken(
  ports: Ports,
  withSandbox: boolean,
  patienceMs: number,
): Promise<number | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const taken = await firstTaken(ports, withSandbox);
    if (taken === undefined || performance.now() >= deadline) return taken;
    await pause(50);
  }
}

async function firstTaken(ports: Ports, withSandbox: boolean): Promise<number | undefined> {
  for (const port of withSandbox ? [ports.web, ports.sandbox] : [ports.web]) {
    if (!(await isFree(port))) return port;
  }
  return undefined;
}

/** Free on every address: someone on the other loopback address would answer http://localhost too. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      // A machine without IPv6 has nobody listening there either.
      resolve(code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT');
    });
    server.listen({ port, host, ipv6Only: host === '::' }, () => server.close(() => resolve(true)));
  });
}
