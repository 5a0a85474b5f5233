import { addMs, instant, msBetween, type Instant } from './instant.js';

const DAY_MS = 24 * 3_600_000;

/**
 * The moment at which clocks in `timeZone` (IANA) show what `local` says as if it were UTC. Of an hour that comes twice
 * it is the first, and an hour that is skipped is counted on; undefined for a zone that doesn't exist.
 */
export function momentOfLocal(local: Instant, timeZone: string): Instant | undefined {
  const before = zoneOffsetMs(addMs(local, -DAY_MS), timeZone);
  const after = zoneOffsetMs(addMs(local, DAY_MS), timeZone);
  if (before === undefined || after === undefined) return undefined;
  const candidates = [addMs(local, -before), addMs(local, -after)];
  return candidates.filter((at) => showing(at, timeZone) === local).sort()[0] ?? candidates[0];
}

const showing = (at: Instant, timeZone: string): Instant => addMs(at, zoneOffsetMs(at, timeZone) ?? 0);

/** How far clocks in a zone are ahead of UTC at a moment. */
function zoneOffsetMs(at: Instant, timeZone: string): number | undefined {
  const format = formatOf(timeZone);
  if (!format) return undefined;
  const part = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const shown = instant(Date.UTC(year, month - 1, day, hour, minute, second));
  return Math.round(msBetween(at, shown) / 60_000) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(timeZone)) formats.set(timeZone, makeFormat(timeZone));
  return formats.get(timeZone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}
