import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import * as cdrs from '../../ocpi-modules/cdrs/2.1.1.js';
import { cdrs as cdrs221 } from '../../ocpi-modules/cdrs/2.2.1.js';
import * as commands from '../../ocpi-modules/commands/2.1.1.js';
import { commands as commands221 } from '../../ocpi-modules/commands/2.2.1.js';
import * as credentials from '../../ocpi-modules/credentials/2.1.1.js';
import { credentials as credentials230 } from '../../ocpi-modules/credentials/2.3.0.js';
import * as locations from '../../ocpi-modules/locations/2.1.1.js';
import { locations as locations221 } from '../../ocpi-modules/locations/2.2.1.js';
import * as sessions from '../../ocpi-modules/sessions/2.1.1.js';
import { sessions as sessions221 } from '../../ocpi-modules/sessions/2.2.1.js';
import * as tariffs from '../../ocpi-modules/tariffs/2.1.1.js';
import { tariffs as tariffs221 } from '../../ocpi-modules/tariffs/2.2.1.js';
import * as tokens from '../../ocpi-modules/tokens/2.1.1.js';
import { tokens as tokens221 } from '../../ocpi-modules/tokens/2.2.1.js';
import * as types from '../../ocpi-modules/types/2.1.1.js';
import type { Location } from '../../src/domain/location.js';
import { aCdr, aConnector, aLocation, anEvse, aSession, aTariff, aToken, at } from '../support/documents.js';
import { schemas } from './schemas-2.1.1.js';

const coordinates = { latitude: '52.0930601', longitude: '5.11824' };
const energy_mix: NonNullable<Location['energy_mix']> = {
  is_green_energy: true,
  environ_impact: [{ category: 'CARBON_DIOXIDE', amount: 12 }],
};

/** A location that says all that 2.2.1 can say and 2.1.1 can't. */
const location: Location = aLocation({
  postal_code: undefined,
  state: 'Utrecht',
  coordinates,
  related_locations: [coordinates],
  parking_type: 'ALONG_MOTORWAY',
  facilities: ['HOTEL', 'METRO_STATION'],
  publish_allowed_to: [{ uid: 'X', type: 'APP_USER' }],
  energy_mix,
  evses: [
    anEvse({
      coordinates,
      capabilities: ['RFID_READER', 'CONTACTLESS_CARD_SUPPORT'],
      connectors: [
        aConnector({ power_type: 'AC_2_PHASE', tariff_ids: ['T1', 'T2'] }),
        aConnector({ id: '2', standard: 'GBT_AC' }),
      ],
    }),
    anEvse({ uid: 'CHINESE', connectors: [aConnector({ standard: 'GBT_DC' })] }),
  ],
});

const tariff = aTariff({
  min_price: { before_taxes: 1 },
  max_price: { before_taxes: 100 },
  start_date_time: at(),
  end_date_time: at(1),
  energy_mix,
  elements: [
    { price_components: [{ type: 'ENERGY', price: 0.5, vat: 21, step_size: 1 }], restrictions: { min_power: 50 } },
    { price_components: [{ type: 'ENERGY', price: 0.3, vat: 21, step_size: 1 }], restrictions: { max_kwh: 10 } },
    {
      price_components: [{ type: 'FLAT', price: 1, step_size: 1 }],
      restrictions: { reservation: 'RESERVATION' },
    },
    { price_components: [{ type: 'FLAT', price: 2, step_size: 1 }] },
  ],
});

const token = aToken({
  type: 'APP_USER',
  group_id: 'FLEET',
  default_profile_type: 'GREEN',
  energy_contract: { supplier_name: 'Green' },
});
const session = aSession({ endedAt: at(60_000), authMethod: 'COMMAND', totalCost: aCdr().bill.total });
const zero = aCdr().bill.total;
const cdr = aCdr({ authMethod: 'COMMAND', tariff, bill: { ...aCdr().bill, time: zero, parking: zero } });
const ours = {
  token: 'secret',
  versionsUrl: 'https://cpo.example/ocpi/versions',
  roles: [{ role: 'CPO', countryCode: 'NL', partyId: 'RBR', businessDetails: { name: 'Operator' } }],
  hubPartyId: 'NLHUB',
};
const reply = { result: 'ACCEPTED', timeoutS: 30, message: 'on its way' } as const;

/** Objects as both versions say them, each rich in what 2.1.1 lacks. */
const pairs: readonly (readonly [object: keyof typeof schemas | 'CommandResult', later: unknown, in211: unknown])[] = [
  ['Location', locations221.location(location), locations.locations.location(location)],
  ['Tariff', tariffs221.toWire(tariff), tariffs.tariffs.toWire(tariff)],
  ['Token', tokens221.toWire(token), tokens.tokens.toWire(token)],
  ['Session', sessions221.toWire(session), sessions.sessions.toWire(session)],
  ['CDR', cdrs221.toWire(cdr), cdrs.cdrs.toWire(cdr)],
  ['Credentials', credentials230.toWire(ours), credentials.credentials.toWire(ours)],
  ['CommandResponse', commands221.replyToWire(reply), commands.commands.replyToWire(reply)],
  ['CommandResult', commands221.resultToWire('FAILED', 'why'), commands.commands.resultToWire('FAILED', 'why')],
];

/** What stands in for a field of later versions, or is asked for by 2.1.1 alone. */
const onlyIn211 = [
  'Location.type',
  'Connector.voltage',
  'Connector.amperage',
  'Connector.tariff_id',
  'Token.auth_id',
  'Session.start_datetime',
  'Session.end_datetime',
  'Session.auth_id',
  'Session.location',
  'CDR.stop_date_time',
  'CDR.auth_id',
  'CDR.location',
  'Credentials.business_details',
  'Credentials.party_id',
  'Credentials.country_code',
];

/** Losses that show only in several objects at once, or in none of ours; each has a test of its own. */
const shownElsewhere = [
  'Price',
  'AuthMethod',
  'ChargingPeriod.dimensions',
  'Connector.standard',
  'CDR.credit',
  'CDR.credit_reference_id',
  'TariffRestrictions.reservation',
  'TariffRestrictions.min_current',
  'TariffRestrictions.max_current',
  'AuthorizationInfo.token',
  'AuthorizationInfo.authorization_reference',
];

const inside: Readonly<Record<string, string>> = {
  'Location.evses': 'EVSE',
  'EVSE.connectors': 'Connector',
  'Tariff.elements': 'TariffElement',
  'CDR.charging_periods': 'ChargingPeriod',
  'Session.charging_periods': 'ChargingPeriod',
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields, as `Object.field`, in which two values of one object differ; also the field that holds the object. */
function differences(object: string, a: unknown, b: unknown): string[] {
  const [from, to] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((field) => {
    const [left, right] = [from[field], to[field]];
    if (same(left, right)) return [];
    const child = inside[`${object}.${field}`];
    const deeper = child && Array.isArray(left) && Array.isArray(right);
    const found = deeper ? right.flatMap((each, index) => differences(child, left[index], each)) : [];
    return [`${object}.${field}`, ...found];
  });
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what 2.2.1 loses in 2.1.1', () => {
  const declared = [
    types.losses211,
    credentials.losses211,
    locations.losses211,
    tariffs.losses211,
    tokens.losses211,
    sessions.losses211,
    cdrs.losses211,
    commands.losses211,
  ].flat();

  test('every object is valid in 2.1.1, with no field that it lacks', () => {
    for (const [object, , in211] of pairs) {
      const schema: z.ZodType = object === 'CommandResult' ? schemas.CommandResponse : schemas[object];
      assert.deepEqual(json(schema.parse(json(in211))), json(in211), object);
    }
  });

  test('is exactly what is declared', () => {
    const found = new Set(pairs.flatMap(([object, a, b]) => differences(object, json(a), json(b))));
    // prices of a tariff lie below the elements, whose number differs
    if (!JSON.stringify(tariffs.tariffs.toWire(tariff)).includes('"vat"')) found.add('PriceComponent.vat');
    found.delete('TariffElement.price_components');
    found.delete('TariffElement.restrictions');
    assert.deepEqual(
      [...found].sort(),
      [...new Set([...declared.map(({ field }) => field), ...onlyIn211])]
        .filter((field) => !shownElsewhere.includes(field))
        .sort(),
    );
    for (const field of shownElsewhere)
      assert.ok(
        declared.some((each) => each.field === field),
        field,
      );
  });

  test('is what the documentation says', () => {
    const written = readFileSync('docs/ocpi-2.1.1.md', 'utf8')
      .split('\n')
      .flatMap((line) => /^\| `([\w.]+)` +\| (.*?) +\|$/.exec(line)?.slice(1, 3).join(': ') ?? []);
    assert.deepEqual(written.sort(), declared.map(({ field, rule }) => `${field}: ${rule}`).sort());
  });
});
