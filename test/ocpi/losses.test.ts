import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import * as cdrs from '../../ocpi-modules/cdrs/2.2.1.js';
import * as cdrs230 from '../../ocpi-modules/cdrs/2.3.0.js';
import * as credentials from '../../ocpi-modules/credentials/2.2.1.js';
import * as credentials230 from '../../ocpi-modules/credentials/2.3.0.js';
import * as locations from '../../ocpi-modules/locations/2.2.1.js';
import * as locations230 from '../../ocpi-modules/locations/2.3.0.js';
import * as sessions from '../../ocpi-modules/sessions/2.2.1.js';
import * as sessions230 from '../../ocpi-modules/sessions/2.3.0.js';
import * as tariffs from '../../ocpi-modules/tariffs/2.2.1.js';
import * as tariffs230 from '../../ocpi-modules/tariffs/2.3.0.js';
import * as tokens from '../../ocpi-modules/tokens/2.2.1.js';
import * as tokens230 from '../../ocpi-modules/tokens/2.3.0.js';
import * as types from '../../ocpi-modules/types/2.2.1.js';
import type { Location } from '../../src/domain/location.js';
import type { Tariff } from '../../src/domain/tariff.js';
import { aCdr, aConnector, aLocation, anEvse, aPlace, aSession, aTariff, aToken } from '../support/documents.js';
import { schemas as schemas221 } from './schemas-2.2.1.js';
import { schemas as schemas230 } from './schemas-2.3.0.js';

/** A value that an OpenEnum may bring although no one knows it. */
const unknown = (value: string): never => value as never;

const energy_mix: NonNullable<Location['energy_mix']> = {
  is_green_energy: true,
  environ_impact: [
    { category: 'CARBON_DIOXIDE', amount: 12 },
    { category: unknown('NOISE'), amount: 3 },
  ],
};
const images = [{ url: 'https://cpo.example/a.png', category: unknown('PANORAMA'), type: 'png' }];

/** A location that says all that 2.2.1 can't. */
const location: Location = aLocation({
  help_phone: '+31201234567',
  address: 'Burgemeester Jhr. Quarles van Uffordlaan 1234567 bis achter',
  state: 'Noord-Holland en een stukje Friesland',
  parking_type: unknown('ROOFTOP'),
  parking_places: [
    { id: 'P1', vehicle_types: ['PERSONAL_VEHICLE'], restricted_to_type: false, reservation_required: false },
  ],
  facilities: ['HOTEL', unknown('CASINO')],
  publish: false,
  publish_allowed_to: [{ uid: 'X', type: 'EMAID' }],
  images,
  operator: { name: 'Operator', logo: images[0] },
  suboperator: { name: 'Suboperator', logo: images[0] },
  owner: { name: 'Owner', logo: images[0] },
  energy_mix,
  evses: [
    anEvse({
      capabilities: ['RFID_READER', unknown('TELEPATHY')],
      parking_restrictions: ['EV_ONLY', 'TAXIS'],
      parking: [{ parking_id: 'P1', evse_position: 'LEFT' }],
      accepted_service_providers: ['Example eMSP'],
      images,
      connectors: [
        aConnector({ id: '1', standard: 'SAE_J3400', capabilities: ['ISO_15118_2_PLUG_AND_CHARGE'] }),
        aConnector({ id: '2', standard: 'MCS' }),
      ],
    }),
    anEvse({ uid: 'MEGAWATT', connectors: [aConnector({ standard: 'MCS' })] }),
  ],
});

const component = { type: 'ENERGY', price: 0.4235, vat: 21, step_size: 1 } as const;
const tariff = (overrides: Partial<Tariff> = {}): Tariff =>
  aTariff({
    elements: [{ price_components: [component] }],
    min_price: { before_taxes: 1, after_taxes: 1.21 },
    max_price: { before_taxes: 10 },
    energy_mix,
    ...overrides,
  });
const emaid = { type: 'EMAID' } as const;
const place = aPlace({ connector: { id: '1', standard: 'MCS', format: 'CABLE', power_type: 'DC' } });
const ours = {
  token: 'secret',
  versionsUrl: 'https://cpo.example/ocpi/versions',
  roles: [{ role: 'CPO', countryCode: 'NL', partyId: 'RBR', businessDetails: { name: 'Operator', logo: images[0] } }],
  hubPartyId: 'NLHUB',
};
const noVat = tariff({ tax_included: 'YES', elements: [{ price_components: [{ ...component, vat: undefined }] }] });

/** Objects as both versions say them, each rich in what 2.2.1 lacks. */
const pairs: readonly (readonly [object: keyof typeof schemas221, in230: unknown, in221: unknown])[] = [
  ['Location', locations230.locations.location(location), locations.locations.location(location)],
  [
    'Tariff',
    tariffs230.tariffs.toWire(tariff({ tax_included: 'YES' })),
    tariffs.tariffs.toWire(tariff({ tax_included: 'YES' })),
  ],
  [
    'Tariff',
    tariffs230.tariffs.toWire(tariff({ tax_included: 'N/A' })),
    tariffs.tariffs.toWire(tariff({ tax_included: 'N/A' })),
  ],
  ['Token', tokens230.tokens.toWire(aToken(emaid)), tokens.tokens.toWire(aToken(emaid))],
  ...[aSession({ totalCost: aCdr().bill.total, token: { ...aCdr().token, ...emaid } })].map(
    (of) => ['Session', sessions230.sessions.toWire(of), sessions.sessions.toWire(of)] as const,
  ),
  ...[
    aCdr({ place, tariff: noVat, token: { ...aCdr().token, ...emaid } }),
    aCdr({ place, tariff: tariff({ tax_included: 'YES' }) }),
  ].map((of) => ['CDR', cdrs230.cdrs.toWire(of), cdrs.cdrs.toWire(of)] as const),
  ['Credentials', credentials230.credentials.toWire(ours), credentials.credentials.toWire(ours)],
];

/** The objects inside others; a Price is one value. */
const inside: Readonly<Record<string, string>> = {
  'Location.evses': 'EVSE',
  'Location.publish_allowed_to': 'PublishTokenType',
  'Location.images': 'Image',
  'Location.operator': 'BusinessDetails',
  'Location.suboperator': 'BusinessDetails',
  'Location.owner': 'BusinessDetails',
  'Location.energy_mix': 'EnergyMix',
  'BusinessDetails.logo': 'Image',
  'EVSE.connectors': 'Connector',
  'EVSE.images': 'Image',
  'Tariff.elements': 'TariffElement',
  'Tariff.energy_mix': 'EnergyMix',
  'TariffElement.price_components': 'PriceComponent',
  'Session.cdr_token': 'CdrToken',
  'Session.total_cost': 'Price',
  'CDR.cdr_token': 'CdrToken',
  'CDR.cdr_location': 'CdrLocation',
  'CDR.tariffs': 'Tariff',
  'CDR.total_cost': 'Price',
  'CDR.total_fixed_cost': 'Price',
  'CDR.total_energy_cost': 'Price',
  'Credentials.roles': 'CredentialsRole',
  'CredentialsRole.business_details': 'BusinessDetails',
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields, as `Object.field`, in which two values of one object differ. */
function differences(object: string, a: unknown, b: unknown): string[] {
  if (same(a, b)) return [];
  if (object === 'Price') return ['Price'];
  const [from, to] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((field) => {
    const name = `${object}.${field}`;
    const child = inside[name];
    const [left, right] = [from[field], to[field]];
    if (same(left, right)) return [];
    if (!child || left === undefined || right === undefined) return [name];
    if (!Array.isArray(left) || !Array.isArray(right)) return differences(child, left, right);
    const shorter = left.length === right.length ? [] : [name];
    return [...shorter, ...right.flatMap((each, index) => differences(child, left[index], each))];
  });
}

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what 2.3.0 loses in 2.2.1', () => {
  const declared = [
    types.losses221,
    credentials.losses221,
    locations.losses221,
    tariffs.losses221,
    tokens.losses221,
    cdrs.losses221,
  ].flat();

  test('both forms are valid in their versions', () => {
    const read = (schema: z.ZodType, value: unknown): unknown => json(schema.parse(json(value)));
    for (const [object, in230, in221] of pairs) {
      assert.deepEqual(read(schemas230[object], in230), json(in230));
      assert.deepEqual(read(schemas221[object], in221), json(in221), `${object} loses all that 2.2.1 lacks`);
    }
  });

  test('is exactly what is declared', () => {
    const found = pairs.flatMap(([object, a, b]) => differences(object, json(a), json(b)));
    assert.deepEqual([...new Set(found)].sort(), declared.map(({ field }) => field).sort());
  });

  test('is what the documentation says', () => {
    const document = readFileSync('docs/ocpi-versions.md', 'utf8');
    const section = document.split(/^## /m).find((each) => each.startsWith('2.3.0 to 2.2.1')) ?? '';
    const written = section
      .split('\n')
      .flatMap((line) => /^\| `([\w.]+)` +\| (.*?) +\|$/.exec(line)?.slice(1, 3).join(': ') ?? []);
    assert.deepEqual(written.sort(), declared.map(({ field, rule }) => `${field}: ${rule}`).sort());
  });

  test('a tariff whose price 2.2.1 can’t say is not sent', () => {
    assert.equal(tariffs.tariffs.toWire(noVat), undefined);
    assert.notEqual(tariffs230.tariffs.toWire(noVat), undefined);
  });
});
