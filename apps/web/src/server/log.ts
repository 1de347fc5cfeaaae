import { type Logger, pino } from 'pino';
import { webEnv } from './env.ts';

const key = Symbol.for('hourly.web.log');
const shared = globalThis as typeof globalThis & { [key]?: Logger };

/** The process's log: JSON lines on standard output. */
export const webLog = (): Logger => {
  shared[key] ??= pino({ name: 'web', level: webEnv().logLevel });
  return shared[key];
};
