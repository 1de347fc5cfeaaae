import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A relative path means what it means to whoever typed the command. */
export function fromCaller(file: string): string {
  return path.resolve(process.env.HOURLY_STARTED_IN ?? ROOT, file);
}
