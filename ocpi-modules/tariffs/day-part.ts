export const DAY_MINUTES = 1440;

/** A stretch of every day, which may run over midnight; `minutes` from 1 to a whole day. */
export interface DayPart {
  /** Minutes after midnight. */
  readonly from: number;
  readonly minutes: number;
}

/** Where two stretches overlap: nowhere, once, or at both ends. */
export function overlap(a: DayPart, b: DayPart): readonly DayPart[] {
  if (a.minutes === DAY_MINUTES) return [b];
  if (b.minutes === DAY_MINUTES) return [a];
  // seen from the beginning of a, b begins within the day to come or has begun the day before
  const begin = (b.from - a.from + DAY_MINUTES) % DAY_MINUTES;
  return [begin - DAY_MINUTES, begin].flatMap((from) => {
    const start = Math.max(0, from);
    const end = Math.min(a.minutes, from + b.minutes);
    return start < end ? [{ from: (a.from + start) % DAY_MINUTES, minutes: end - start }] : [];
  });
}
