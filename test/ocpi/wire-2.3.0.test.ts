import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import { cdrs } from '../../ocpi-modules/cdrs/2.3.0.js';
import { commands } from '../../ocpi-modules/commands/2.3.0.js';
import { credentials as credentials221 } from '../../ocpi-modules/credentials/2.2.1.js';
import { credentials } from '../../ocpi-modules/credentials/2.3.0.js';
import { locations } from '../../ocpi-modules/locations/2.3.0.js';
import { sessions } from '../../ocpi-modules/sessions/2.3.0.js';
import { tariffs } from '../../ocpi-modules/tariffs/2.3.0.js';
import { tokens as tokens221 } from '../../ocpi-modules/tokens/2.2.1.js';
import { tokens } from '../../ocpi-modules/tokens/2.3.0.js';
import { negated, type Money } from '../../src/domain/amounts.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Location } from '../../src/domain/location.js';
import { aCdr, aConnector, aLocation, anEvse, aPlace, aSession, aTariff, aToken } from '../support/documents.js';
import { schemas } from './schemas-2.3.0.js';

/** What goes over the wire, read by our own strict schema. */
const wire = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> =>
  schema.parse(JSON.parse(JSON.stringify(value)));

/** A value that an OpenEnum may bring although no one knows it. */
const unknown = (value: string): never => value as never;

const owner = { countryCode: 'NL', partyId: 'EMS' };
const invalid = (error: unknown): boolean => error instanceof DomainError && error.code === 'invalid-input';

describe('a location in 2.3.0', () => {
  const rich: Location = aLocation({
    address: 'x'.repeat(255),
    state: 'y'.repeat(45),
    help_phone: '+31201234567',
    parking_type: unknown('ROOFTOP'),
    parking_places: [
      {
        id: 'P1',
        physical_reference: 'B1',
        vehicle_types: ['DISABLED', unknown('HOVERCRAFT')],
        restricted_to_type: true,
        reservation_required: false,
        time_limit: 120,
        standards: ['PAS 1899'],
      },
    ],
    evses: [
      anEvse({
        parking: [{ parking_id: 'P1', evse_position: 'CENTER' }],
        accepted_service_providers: ['Example eMSP'],
        parking_restrictions: ['TENANTS'],
        connectors: [aConnector({ standard: 'MCS', capabilities: ['ISO_15118_20_PLUG_AND_CHARGE'] })],
      }),
    ],
  });

  test('arrives in full, with values that no one knows yet', () => {
    assert.deepEqual(wire(schemas.Location, locations.location(rich)), rich);
    assert.deepEqual(wire(schemas.EVSE, locations.evse(rich, 'rbr-utr-001-1')), rich.evses?.[0]);
    assert.deepEqual(locations.connector(rich, 'RBR-UTR-001-1', '1'), rich.evses?.[0]?.connectors[0]);
  });

  test('has coordinates of 10 and 11 characters at most', () => {
    const coordinates = { latitude: '-52.0930601', longitude: '-105.1182401' };
    const sent = wire(schemas.Location, locations.location({ ...rich, coordinates, related_locations: [coordinates] }));
    assert.deepEqual(sent.coordinates, { latitude: '-52.093060', longitude: '-105.118240' });
    assert.deepEqual(sent.related_locations, [sent.coordinates]);
  });
});

test('a tariff in 2.3.0 says whether tax is included, and limits are PriceLimits', () => {
  const tariff = aTariff({ tax_included: 'YES', min_price: { before_taxes: 1, after_taxes: 1.21 } });
  assert.deepEqual(wire(schemas.Tariff, tariffs.toWire(tariff)), tariff);
});

describe('a price in 2.3.0', () => {
  const cost = (totalCost: NonNullable<ReturnType<typeof aSession>['totalCost']>) =>
    wire(schemas.Session, sessions.toWire(aSession({ totalCost }))).total_cost;
  const money = (amount: string): Money => amount as Money;

  test('names each tax, with its rate where it is known', () => {
    const vat = { name: 'VAT', percentage: '21', amount: money('0.861') };
    assert.deepEqual(cost({ beforeTaxes: money('4.1'), taxes: [vat, { name: 'City', amount: money('1') }] }), {
      before_taxes: 4.1,
      taxes: [
        { name: 'VAT', percentage: 21, amount: 0.861 },
        { name: 'City', amount: 1 },
      ],
    });
  });

  test('of unknown taxes names none, and of none an empty list', () => {
    assert.deepEqual(cost({ beforeTaxes: money('4.1') }), { before_taxes: 4.1 });
    assert.deepEqual(cost({ beforeTaxes: money('4.1'), taxes: [] }), { before_taxes: 4.1, taxes: [] });
  });

  test('grows in the PATCH of a session too', () => {
    const { total, fixed } = aCdr().bill;
    assert.deepEqual(
      JSON.parse(JSON.stringify(sessions.growthToWire(aSession({ totalCost: total, energyWh: 11_000 })))),
      {
        kwh: 11,
        total_cost: { before_taxes: 4.1, taxes: [{ name: 'VAT', percentage: 21, amount: 0.861 }] },
        last_updated: aSession().lastUpdated,
      },
    );
    assert.ok(fixed);
  });
});

describe('a CDR in 2.3.0', () => {
  test('has its costs as Prices, its plug and its tariff as they are', () => {
    const place = aPlace({ connector: { id: '1', standard: 'MCS', format: 'CABLE', power_type: 'DC' } });
    const tariff = aTariff({ tax_included: 'YES' });
    const sent = wire(schemas.CDR, cdrs.toWire(aCdr({ place, tariff, token: { ...aCdr().token, type: 'EMAID' } })));
    const vat = (amount: number) => [{ name: 'VAT', percentage: 21, amount }];
    assert.deepEqual(sent.total_cost, { before_taxes: 4.1, taxes: vat(0.861) });
    assert.deepEqual(sent.total_fixed_cost, { before_taxes: 0.25, taxes: vat(0.0525) });
    assert.deepEqual(sent.total_energy_cost, { before_taxes: 3.85, taxes: vat(0.8085) });
    assert.equal(sent.total_time_cost, undefined);
    assert.equal(sent.cdr_location.connector_standard, 'MCS');
    assert.equal(sent.cdr_token.type, 'EMAID');
    assert.deepEqual(sent.tariffs, [tariff]);
  });

  test('SUBTLE 54: that takes another back has a negative total, and its taxes are negative too', () => {
    const { bill, id } = aCdr();
    const sent = wire(
      schemas.CDR,
      cdrs.toWire(aCdr({ id: `${id}-C`, credits: id, bill: { ...bill, total: negated(bill.total) } })),
    );
    assert.deepEqual([sent.credit, sent.credit_reference_id], [true, id]);
    assert.deepEqual(sent.total_cost, {
      before_taxes: -4.1,
      taxes: [{ name: 'VAT', percentage: 21, amount: -0.861 }],
    });
  });

  test('has an address of 45 and a state of 20 characters at most, although a Location has more', () => {
    const { location } = aPlace();
    const place = aPlace({ location: { ...location, address: 'x'.repeat(200), state: 'y'.repeat(45) } });
    const { address, state } = wire(schemas.CDR, cdrs.toWire(aCdr({ place }))).cdr_location;
    assert.deepEqual([address.length, state?.length], [45, 20]);
  });
});

describe('SUBTLE 19: an OpenEnum may bring what no one knows, an enum may not', () => {
  for (const type of ['EMAID', 'FACE']) {
    test(`a token of type ${type} is read in 2.3.0 and not in 2.2.1`, () => {
      const json = { ...aToken(), type };
      assert.equal(tokens.fromWire(json, owner).type, type);
      assert.throws(() => tokens221.fromWire(json, owner), invalid);
      const asked = { token: json, response_url: 'https://emsp.example/r', location_id: 'L' };
      const start = commands.fromWire('START_SESSION', asked, owner);
      assert.ok(start?.command === 'startSession' && start.request.token.type === type);
    });
  }
  test('a whitelist is an enum', () => {
    assert.throws(() => tokens.fromWire({ ...aToken(), whitelist: 'SOMETIMES' }, owner), invalid);
  });
});

test('SUBTLE 18: members that no one specified are no reason to refuse', () => {
  assert.equal(tokens.fromWire({ ...aToken(), mood: 'fine' }, owner).uid, aToken().uid);
  const asked = { response_url: 'https://emsp.example/r', session_id: 's1', why: 'late' };
  assert.equal(commands.fromWire('STOP_SESSION', asked, owner)?.command, 'stopSession');
});

describe('SUBTLE 10: a hub', () => {
  const hub = { role: 'HUB', party_id: 'HUB', country_code: 'NL', business_details: { name: 'A hub' } };
  const client = { ...hub, role: 'EMSP', party_id: 'EMS' };
  const json = { token: 'secret', url: 'https://hub.example/versions' };

  test('names itself beside the roles of its clients in 2.3.0', () => {
    const read = credentials.fromWire({ ...json, hub_party_id: 'NLHUB', roles: [client] });
    assert.equal(read.hubPartyId, 'NLHUB');
    assert.deepEqual(credentials.toWire(read), { ...json, hub_party_id: 'NLHUB', roles: [client] });
  });

  test('is a role of its own in 2.2.1', () => {
    const read = credentials221.fromWire({ ...json, roles: [hub] });
    assert.deepEqual([read.hubPartyId, read.roles[0]?.role], ['NLHUB', 'HUB']);
    assert.equal(credentials221.fromWire({ ...json, roles: [client] }).hubPartyId, undefined);
  });
});
