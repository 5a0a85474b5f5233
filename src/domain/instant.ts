/**
 * A moment in UTC, always written `YYYY-MM-DDTHH:mm:ss.sssZ`: as text it sorts in time's order, and it is
 * a valid OCPI DateTime (OCPI 2.2.1 §17.2) and OCPP dateTime as it stands.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** The instant `epochMs` milliseconds after 1970-01-01T00:00:00Z. */
export const instant = (epochMs: number): Instant => new Date(epochMs).toISOString() as Instant;

export const toEpochMs = (at: Instant): number => Date.parse(at);

export const addMs = (at: Instant, ms: number): Instant => instant(toEpochMs(at) + ms);

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export const msBetween = (from: Instant, to: Instant): number => toEpochMs(to) - toEpochMs(from);

export const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

const dateTimePattern = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads a date and time as charge points and partners write them: with or without fraction, seconds or zone.
 * No zone means UTC (OCPI 2.2.1 §17.2). Returns undefined for anything that names no moment.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = dateTimePattern.exec(text.trim());
  if (!match) return undefined;
  const [, date = '', time = '', zone = 'Z'] = match;
  const epochMs = Date.parse(`${date}T${truncateToMs(time)}${normaliseZone(zone)}`);
  return Number.isNaN(epochMs) ? undefined : instant(epochMs);
}

const truncateToMs = (time: string): string => time.replace(',', '.').replace(/(\.\d{3})\d+$/, '$1');

function normaliseZone(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
