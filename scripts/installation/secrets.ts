import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { StopError } from '../stop-error.ts';

const NAMES = [
  'demoSecret',
  'appPassword',
  'workerPassword',
  'razorpayKeyId',
  'razorpayKeySecret',
  'razorpayWebhookSecret',
  'runpodApiKey',
] as const;

/** Random for each installation; nobody but its own processes ever needs them. */
export type Secrets = Record<(typeof NAMES)[number], string>;

/** Reads the installation's secrets and makes the missing ones. The file is its owner's alone. */
export function readOrMakeSecrets(file: string): Secrets {
  const known = read(file);
  const secrets = Object.fromEntries(
    NAMES.map((name) => [name, known[name] ?? make(name)]),
  ) as Secrets;
  if (NAMES.some((name) => known[name] === undefined)) {
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    fs.renameSync(unfinished, file);
  }
  return secrets;
}

function make(name: keyof Secrets): string {
  const random = randomBytes(24).toString('hex');
  return name === 'razorpayKeyId' ? `rzp_test_${random.slice(0, 14)}` : random;
}

function read(file: string): Partial<Secrets> {
  if (!fs.existsSync(file)) return {};
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Secrets>;
  } catch (cause) {
    throw new StopError(`${file} can't be read: ${(cause as Error).message}`, { cause });
  }
}
