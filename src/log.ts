import { pino } from 'pino';

/** The part of pino that modules use; each takes a child with its own fields bound. */
export type Logger = pino.Logger;

export const createLogger = (level: string): Logger =>
  pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
