import type { Log } from '@hourly/services';

export interface Line {
  level: 'debug' | 'info' | 'warn' | 'error';
  data: Record<string, unknown>;
  message: string;
}

/** A log that remembers. */
export function memoryLog(): Log & { lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: Line['level']) => (data: object, message: string) => {
    lines.push({ level, data: { ...data }, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
