import type { z } from 'zod';
import type { tariffElement, tariffRestrictions } from '../../src/domain/tariff.js';
import { DAY_MINUTES, type DayPart, overlap } from './day-part.js';

type Element = z.infer<typeof tariffElement>;
type Restrictions = z.infer<typeof tariffRestrictions>;

/** More elements than anyone reads; every restricted element may double them. */
const MAX_ELEMENTS = 200;

/**
 * Elements of which the first that matches prices every dimension (OCPI 2.1.1), with the same prices as `elements`, of
 * which for each dimension the first counts that matches and prices it (OCPI 2.2.1 §11.3.1, SUBTLE 60). undefined: it
 * would take too many.
 */
export function toFirstMatch(elements: readonly Element[]): Element[] | undefined {
  const found: Element[] = [];

  /** All cases that are left once `taken` is settled under `when`, the narrower ones first. */
  function settle(rest: readonly Element[], when: Restrictions, taken: Element['price_components']): void {
    if (found.length > MAX_ELEMENTS) return;
    const [next, ...others] = rest;
    if (!next) {
      if (taken.length > 0) found.push(elementOf(taken, when));
      return;
    }
    const added = next.price_components.filter(({ type }) => !taken.some((each) => each.type === type));
    if (added.length === 0) {
      settle(others, when, taken);
      return;
    }
    if (!isRestricted(next)) {
      settle(others, when, [...taken, ...added]);
      return;
    }
    for (const both of bothOf(when, next.restrictions)) settle(others, both, [...taken, ...added]);
    settle(others, when, taken);
  }

  settle(elements, {}, []);
  return found.length > MAX_ELEMENTS ? undefined : found;
}

const isRestricted = (of: Element): of is Element & { restrictions: Restrictions } =>
  of.restrictions !== undefined && Object.values(of.restrictions).some((value) => value !== undefined);

const elementOf = (price_components: Element['price_components'], when: Restrictions): Element =>
  isRestricted({ price_components, restrictions: when })
    ? { price_components, restrictions: when }
    : { price_components };

/** What meets both; several where the hours of a day meet twice, none where they never do. */
function bothOf(a: Restrictions, b: Restrictions): readonly Restrictions[] {
  const days = a.day_of_week && b.day_of_week ? a.day_of_week.filter((day) => b.day_of_week?.includes(day)) : undefined;
  const narrowed: Restrictions = {
    ...a,
    ...b,
    start_date: later(a.start_date, b.start_date),
    end_date: earlier(a.end_date, b.end_date),
    min_kwh: later(a.min_kwh, b.min_kwh),
    max_kwh: earlier(a.max_kwh, b.max_kwh),
    min_power: later(a.min_power, b.min_power),
    max_power: earlier(a.max_power, b.max_power),
    min_duration: later(a.min_duration, b.min_duration),
    max_duration: earlier(a.max_duration, b.max_duration),
    day_of_week: days ?? a.day_of_week ?? b.day_of_week,
  };
  const never =
    days?.length === 0 ||
    isEmpty(narrowed.start_date, narrowed.end_date) ||
    isEmpty(narrowed.min_kwh, narrowed.max_kwh) ||
    isEmpty(narrowed.min_power, narrowed.max_power) ||
    isEmpty(narrowed.min_duration, narrowed.max_duration);
  if (never) return [];
  return overlap(partOf(a), partOf(b)).map((part) => clean({ ...narrowed, ...timesOf(part) }));
}

const later = <T extends string | number>(a: T | undefined, b: T | undefined): T | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
const earlier = <T extends string | number>(a: T | undefined, b: T | undefined): T | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;
const isEmpty = (from: string | number | undefined, until: string | number | undefined): boolean =>
  from !== undefined && until !== undefined && from >= until;

const clean = (of: Restrictions): Restrictions =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined));

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOf = (minute: number): string =>
  [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Absent times: from or until midnight. */
const partOf = ({ start_time, end_time }: Restrictions): DayPart => {
  const from = start_time === undefined ? 0 : minuteOf(start_time);
  const until = end_time === undefined ? 0 : minuteOf(end_time);
  return { from, minutes: (until - from + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES };
};

const timesOf = ({ from, minutes }: DayPart): Pick<Restrictions, 'start_time' | 'end_time'> =>
  minutes === DAY_MINUTES
    ? { start_time: undefined, end_time: undefined }
    : { start_time: timeOf(from), end_time: timeOf(from + minutes) };
