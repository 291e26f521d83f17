// Structured logs: one JSON line each on standard error (standard output carries only what people and scripts read).
import { pino } from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** A last line of defence: whatever somebody logs by mistake, these names never carry a value. */
const SECRET_NAMES = ['password', 'secretKey', 'masterKey', 'token', 'csrfToken', 'authorization', 'cookie'];

export function createLog(level: LogLevel, bindings: Readonly<Record<string, string | number>> = {}): Log {
  const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino(
    {
      level,
      base: bindings,
      redact: { paths, censor: '[removed]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    // Waiting for a slow reader of standard error must not stop requests.
    pino.destination({ fd: 2, sync: false }),
  );
}
