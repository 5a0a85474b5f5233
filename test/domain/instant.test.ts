import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseInstant } from '../../src/domain/instant.js';

describe('reading a date and time', () => {
  const cases: readonly [string, string | undefined][] = [
    ['2024-05-01T12:00:00Z', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T12:00:00.1Z', '2024-05-01T12:00:00.100Z'],
    ['2024-05-01T12:00:00.123456Z', '2024-05-01T12:00:00.123Z'],
    ['2024-05-01T12:00:00', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T12:00', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01 12:00:00', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T14:00:00+02:00', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T14:00:00+0200', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01T14:00:00+02', '2024-05-01T12:00:00.000Z'],
    ['2024-05-01t12:00:00z', '2024-05-01T12:00:00.000Z'],
    [' 2024-05-01T12:00:00Z ', '2024-05-01T12:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['2024-13-01T12:00:00Z', undefined],
    ['2024-05-01', undefined],
    ['12:00:00', undefined],
    ['', undefined],
    ['yesterday', undefined],
  ];
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(parseInstant(text), expected));
});
