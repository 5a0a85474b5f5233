import { parseInstant } from '../src/domain/instant.js';
import type { Fix, Path, Problem, Tolerance } from './validation.js';

/**
 * What charge points in the field do against the schemas of any OCPP version, and how it is read nevertheless. The first
 * entry that knows a problem mends it; a version adds its own after these. What is left gets its CALLERROR. These tables
 * are the only place of tolerance for the form of messages.
 */
export const commonTolerances: readonly Tolerance[] = [
  {
    name: 'extra-field',
    seen: 'fields of the vendor, or of another OCPP version',
    rule: 'dropped',
    fix: ({ keyword, path }) => (keyword === 'additionalProperties' ? remove(path) : undefined),
  },
  {
    name: 'null-field',
    seen: 'null for a field without value',
    rule: 'the same as leaving the field out',
    fix: ({ value, path }) => (value === null && path.length > 0 ? remove(path) : undefined),
  },
  {
    name: 'no-payload',
    seen: 'no payload, null, "" or [] in a message that needs no fields, such as Heartbeat',
    rule: 'read as {}',
    fix: ({ keyword, path, value, wanted }) =>
      keyword === 'type' && path.length === 0 && wanted.length === 0 && isNothing(value) ? set(path, {}) : undefined,
  },
  {
    name: 'long-text',
    seen: 'idTags over 20, vendors, models, serial numbers and firmware versions over their limits',
    rule: 'taken as they are',
    fix: ({ keyword }) => (keyword === 'maxLength' ? { do: 'accept' } : undefined),
  },
  {
    name: 'text-for-number',
    seen: '"connectorId":"1", "meterStart":"100"',
    rule: 'read as the number',
    fix: ({ keyword, params, value, path }) =>
      keyword === 'type' && isNumberType(params['type']) && typeof value === 'string' && numeric.test(value)
        ? set(path, Number(value))
        : undefined,
  },
  {
    name: 'number-for-text',
    seen: '"value":12.3, "idTag":12345, a configuration value of true',
    rule: 'read as the text',
    fix: ({ keyword, params, value, path }) =>
      keyword === 'type' && params['type'] === 'string' && (typeof value === 'number' || typeof value === 'boolean')
        ? set(path, String(value))
        : undefined,
  },
  {
    name: 'text-for-boolean',
    seen: '"readonly":"true"',
    rule: 'read as the boolean',
    fix: ({ keyword, params, value, path }) =>
      keyword === 'type' && params['type'] === 'boolean' && typeof value === 'string' && /^(true|false)$/i.test(value)
        ? set(path, value.toLowerCase() === 'true')
        : undefined,
  },
  {
    name: 'number-for-boolean',
    seen: '"readonly":0, "readonly":1',
    rule: 'read as the boolean',
    fix: ({ keyword, params, value, path }) =>
      keyword === 'type' && params['type'] === 'boolean' && (value === 0 || value === 1)
        ? set(path, value === 1)
        : undefined,
  },
  {
    name: 'object-for-list',
    seen: 'a single meterValue or sampledValue without its list',
    rule: 'read as a list of one',
    fix: ({ keyword, params, value, path }) =>
      keyword === 'type' && params['type'] === 'array' && typeof value === 'object' && path.length > 0
        ? set(path, [value])
        : undefined,
  },
  {
    name: 'letter-case',
    seen: 'a word in another case: KWH, available, sample.periodic',
    rule: "read as the standard's spelling",
    fix(problem) {
      const word = standardSpelling(problem);
      return word === undefined ? undefined : set(problem.path, word);
    },
  },
  {
    name: 'unknown-sampled-word',
    seen: 'a measurand, unit, context, phase, location or format that the standard does not have, or a measurand of ""',
    rule: 'the sampledValue is dropped rather than misread',
    fix(problem) {
      if (problem.keyword !== 'enum' || (isBlank(problem.value) && problem.field !== 'measurand')) return undefined;
      const item = sampledValuePath(problem.path);
      return item && remove(item);
    },
  },
  {
    name: 'no-sampled-value',
    seen: 'a sampledValue without value',
    rule: 'the sampledValue is dropped',
    fix({ keyword, field, path }) {
      const item = keyword === 'required' && field === 'value' ? sampledValuePath(path) : undefined;
      return item && remove(item);
    },
  },
  {
    name: 'blank-field',
    seen: '"" for a field without value: timestamp, reason, unit, reservationId',
    rule: 'the same as leaving the field out',
    fix: ({ keyword, value, path }) =>
      isBlank(value) && ['type', 'enum', 'format'].includes(keyword) && path.length > 0 ? remove(path) : undefined,
  },
  {
    name: 'timestamp-spelling',
    seen: 'timestamps without zone or seconds, or with a comma for the point',
    rule: 'read; without zone as UTC',
    fix({ keyword, value, path }) {
      const at = keyword === 'format' && typeof value === 'string' ? parseInstant(value) : undefined;
      return at && set(path, at);
    },
  },
  {
    name: 'timestamp-unreadable',
    seen: 'a timestamp that names no moment',
    rule: 'the same as leaving it out',
    fix: ({ keyword, params, path }) =>
      keyword === 'format' && params['format'] === 'date-time' ? remove(path) : undefined,
  },
  {
    name: 'no-timestamp',
    seen: 'no timestamp (start, stop, meter values)',
    rule: 'taken without: the time of arrival counts',
    fix: ({ keyword, field }) => (keyword === 'required' && field === 'timestamp' ? { do: 'accept' } : undefined),
  },
  {
    name: 'no-meter-values',
    seen: 'MeterValues without meterValue, or a meterValue without sampledValue',
    rule: 'read as an empty list',
    fix: ({ keyword, field, path }) =>
      keyword === 'required' && (field === 'meterValue' || field === 'sampledValue') ? set(path, []) : undefined,
  },
];

export const set = (path: Path, value: unknown): Fix => ({ do: 'set', path, value });
export const remove = (path: Path): Fix => ({ do: 'remove', path });

const numeric = /^\s*[+-]?\d{1,15}(\.\d+)?\s*$/;

const isNumberType = (type: unknown): boolean => type === 'integer' || type === 'number';

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || isBlank(value) || (Array.isArray(value) && value.length === 0);

function standardSpelling({ keyword, params, value }: Problem): unknown {
  if (keyword !== 'enum' || typeof value !== 'string' || !Array.isArray(params['allowedValues'])) return undefined;
  const word = value.trim().toLowerCase();
  return params['allowedValues'].find((allowed) => String(allowed).toLowerCase() === word);
}

/** The path of the sampledValue that a field lies in. */
function sampledValuePath(path: Path): Path | undefined {
  const list = path.lastIndexOf('sampledValue');
  return list >= 0 && path.length > list + 2 ? path.slice(0, list + 2) : undefined;
}
