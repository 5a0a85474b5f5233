import { isDeepStrictEqual } from 'node:util';
import type { ChargePoint, RegistrationStatus } from './charge-point.js';
import { keyOf } from './ids.js';
import type { Instant } from './instant.js';
import { findEvse, type Evse, type Location } from './location.js';
import { sameParty, type Party } from './schema.js';
import type { Tariff } from './tariff.js';

/** A charge point as a site file describes it; a key of `evses` is the OCPP 1.6 connector or the 2.x EVSE id. */
export interface SiteChargePoint {
  readonly id: string;
  readonly password?: string | undefined;
  readonly securityProfile?: ChargePoint['securityProfile'] | undefined;
  readonly registration?: RegistrationStatus | undefined;
  readonly evses: Readonly<Record<string, string>>;
}

/** The operator's whole estate. */
export interface Site {
  readonly tariffs: readonly Tariff[];
  readonly locations: readonly Location[];
  readonly chargePoints: readonly SiteChargePoint[];
}

/** What a site has, by keys of ids: made once, as estates are large. */
export interface SiteIndex {
  readonly tariffs: ReadonlySet<string>;
  readonly locations: ReadonlyMap<string, Location>;
  readonly chargePoints: ReadonlySet<string>;
  readonly locationOfEvse: ReadonlyMap<string, Location>;
  /** EVSEs that a charge point will speak for. */
  readonly mapped: ReadonlySet<string>;
}

export const indexSite = ({ tariffs, locations, chargePoints }: Site): SiteIndex => ({
  tariffs: new Set(tariffs.map(({ id }) => keyOf(id))),
  locations: new Map(locations.map((location) => [keyOf(location.id), location])),
  chargePoints: new Set(chargePoints.map(({ id }) => keyOf(id))),
  locationOfEvse: new Map(
    locations.flatMap((location) => (location.evses ?? []).map(({ uid }) => [keyOf(uid), location] as const)),
  ),
  mapped: new Set(chargePoints.flatMap(({ evses }) => Object.values(evses)).map(keyOf)),
});

/** Equal but for what we keep ourselves: times of change and the status of EVSEs. */
export const sameBut = (a: object, b: object): boolean => isDeepStrictEqual(plain(a), plain(b));

const plain = (value: object): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === 'last_updated' || key === 'status' ? undefined : inner)),
  );

export const locationOf = ({ evses }: SiteChargePoint, { locationOfEvse }: SiteIndex): Location | undefined =>
  Object.values(evses)
    .map((uid) => locationOfEvse.get(keyOf(uid)))
    .find((location) => location !== undefined);

/** An EVSE that a charge point will speak for isn't known yet; others have the status that the operator gave. */
export function fresh(location: Location, { mapped }: SiteIndex, now: Instant): Location {
  return {
    ...location,
    evses: location.evses?.map((evse) => ({
      ...touched(evse, now),
      status: mapped.has(keyOf(evse.uid)) ? 'UNKNOWN' : evse.status,
    })),
    last_updated: now,
  };
}

const touched = (evse: Evse, now: Instant): Evse => ({
  ...evse,
  connectors: evse.connectors.map((connector) => ({ ...connector, last_updated: now })),
  last_updated: now,
});

/**
 * The file's description with our statuses; only what differs gets a new time (OCPI 2.2.1 §8.2.1.1). EVSEs that the file
 * lacks stay: they are never deleted, only set to REMOVED.
 */
export function merged(current: Location, wanted: Location, now: Instant): Location {
  const described = (wanted.evses ?? []).map((evse) => {
    const known = findEvse(current, evse.uid);
    if (!known) return { ...touched(evse, now), status: 'UNKNOWN' as const };
    return sameBut(known, evse) && known.status !== 'REMOVED'
      ? known
      : { ...touched(evse, now), status: known.status === 'REMOVED' ? ('UNKNOWN' as const) : known.status };
  });
  const gone = (current.evses ?? []).filter((evse) => !findEvse(wanted, evse.uid));
  const next = { ...wanted, evses: [...described, ...gone], last_updated: current.last_updated };
  const same = sameBut(current, next) && next.evses.every((evse) => findEvse(current, evse.uid) === evse);
  return same ? current : { ...next, last_updated: now };
}

export const withRemoved = (location: Location, gone: readonly Evse[], now: Instant): Location => ({
  ...location,
  evses: location.evses?.map((evse) =>
    gone.some(({ uid }) => uid === evse.uid) ? { ...evse, status: 'REMOVED', last_updated: now } : evse,
  ),
  last_updated: now,
});

/** What contradicts itself or this bridge's party in a site; empty for a sound one. */
export const siteProblems = (site: Site, index: SiteIndex, party: Party): readonly string[] => [
  ...repeated(
    'tariff',
    site.tariffs.map(({ id }) => id),
  ),
  ...repeated(
    'location',
    site.locations.map(({ id }) => id),
  ),
  ...repeated(
    'charge point',
    site.chargePoints.map(({ id }) => id),
  ),
  ...repeated(
    'evse',
    site.locations.flatMap(({ evses }) => (evses ?? []).map(({ uid }) => uid)),
  ),
  ...foreign('tariff', site.tariffs, party),
  ...foreign('location', site.locations, party),
  ...site.chargePoints.flatMap((chargePoint) => mappingProblems(chargePoint, index)),
  ...unknownTariffs(site, index),
];

function repeated(what: string, ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.flatMap((id) => {
    const again = seen.has(keyOf(id));
    seen.add(keyOf(id));
    return again ? [`${what} ${id} stands there twice`] : [];
  });
}

const foreign = (
  what: string,
  items: readonly { id: string; country_code: string; party_id: string }[],
  party: Party,
): readonly string[] =>
  items
    .filter((item) => !sameParty({ countryCode: item.country_code, partyId: item.party_id }, party))
    .map(
      (item) =>
        `${what} ${item.id} is of ${item.country_code}/${item.party_id}, but this bridge is ${party.countryCode}/${party.partyId}`,
    );

function mappingProblems({ id, evses }: SiteChargePoint, { locationOfEvse }: SiteIndex): readonly string[] {
  const uids = Object.values(evses);
  const unknown = uids.filter((uid) => !locationOfEvse.has(keyOf(uid)));
  const places = new Set(uids.flatMap((uid) => locationOfEvse.get(keyOf(uid))?.id ?? []));
  return [
    ...unknown.map((uid) => `charge point ${id}: no location has an EVSE ${uid}`),
    ...(places.size > 1 ? [`charge point ${id}: its EVSEs are at several locations: ${[...places].join(', ')}`] : []),
  ];
}

const unknownTariffs = ({ locations }: Site, { tariffs }: SiteIndex): readonly string[] =>
  locations.flatMap((location) =>
    (location.evses ?? []).flatMap((evse) =>
      evse.connectors.flatMap((connector) =>
        (connector.tariff_ids ?? [])
          .filter((id) => !tariffs.has(keyOf(id)))
          .map((id) => `connector ${connector.id} of EVSE ${evse.uid}: there is no tariff ${id}`),
      ),
    ),
  );
