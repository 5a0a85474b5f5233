import { type Instant, parseInstant } from '../../src/domain/instant.js';

/** When it was, as the charging station says; undefined when it gave no time that can be read. */
export const instantOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text);
