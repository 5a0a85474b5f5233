import { parseInstant } from '../src/domain/instant.js';
import { location as locationSchema, type Evse, type Location } from '../src/domain/location.js';
import { tariff as tariffSchema, type Tariff } from '../src/domain/tariff.js';
import { problemsOf, type Problem } from './parse.js';
import { readOldTariff } from './tariffs/2.2.1.js';

/** Reads the OCPI objects of a site file, whichever version they were written for (design.md, the site file). */
export type ReadObject<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * An OCPI 2.3.0 or 2.2.1 Location as the canonical one. Checks beyond the schema: uids of EVSEs and ids of their
 * connectors are unique, and a place that isn't always open says when it is (SUBTLE 44).
 */
export function readLocation(json: unknown): ReadObject<Location> {
  // 2.2.1 knows fewer fields and values, and no other ones
  const read = locationSchema.safeParse(json);
  if (!read.success) return { ok: false, problems: problemsOf(read.error) };
  const problems = [...duplicates(read.data.evses), ...hoursProblems(read.data)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: withInstants(read.data) };
}

/** An OCPI 2.3.0 or 2.2.1 Tariff as the canonical one; without `tax_included` it is one of 2.2.1, priced without VAT. */
export function readTariff(json: unknown): ReadObject<Tariff> {
  const isNew = typeof json === 'object' && json !== null && 'tax_included' in json;
  const read = isNew ? tariffSchema.safeParse(json) : readOldTariff(json);
  return read.success ? { ok: true, value: stamped(read.data) } : { ok: false, problems: problemsOf(read.error) };
}

/** Times are compared as text once they are in. */
const stamped = <T extends { last_updated: string }>(of: T): T => ({
  ...of,
  last_updated: parseInstant(of.last_updated) ?? of.last_updated,
});

const withInstants = (of: Location): Location =>
  stamped({
    ...of,
    evses: of.evses?.map((evse) => stamped({ ...evse, connectors: evse.connectors.map(stamped) })),
  });

function duplicates(evses: readonly Evse[] = []): Problem[] {
  return [
    ...repeated(evses.map((evse) => evse.uid)).map((index) => ({ path: `evses.${index}.uid`, message: 'used twice' })),
    ...evses.flatMap((evse, at) =>
      repeated(evse.connectors.map((connector) => connector.id)).map((index) => ({
        path: `evses.${at}.connectors.${index}.id`,
        message: 'used twice in this EVSE',
      })),
    ),
  ];
}

/** Indexes of ids that came before, compared without case. */
function repeated(ids: readonly string[]): number[] {
  const keys = ids.map((id) => id.toLowerCase());
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}

function hoursProblems({ opening_times }: Location): Problem[] {
  if (!opening_times || opening_times.twentyfourseven || (opening_times.regular_hours ?? []).length > 0) return [];
  return [{ path: 'opening_times.regular_hours', message: 'needed when twentyfourseven is false' }];
}
