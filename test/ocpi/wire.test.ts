import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import { cdrs } from '../../ocpi-modules/cdrs/2.2.1.js';
import { locations } from '../../ocpi-modules/locations/2.2.1.js';
import { nextLink } from '../../ocpi-modules/paging.js';
import { sessions } from '../../ocpi-modules/sessions/2.2.1.js';
import { readLocation, readTariff } from '../../ocpi-modules/site.js';
import { tariffs } from '../../ocpi-modules/tariffs/2.2.1.js';
import { tokens } from '../../ocpi-modules/tokens/2.2.1.js';
import { negated } from '../../src/domain/amounts.js';
import type { Location } from '../../src/domain/location.js';
import type { Tariff } from '../../src/domain/tariff.js';
import { aCdr, aConnector, aLocation, anEvse, aPlace, aSession, aTariff, aToken, at } from '../support/documents.js';
import { schemas } from './schemas-2.2.1.js';

/** What goes over the wire, read by our own strict schema. */
const wire = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> =>
  schema.parse(JSON.parse(JSON.stringify(value)));

/** A value that an OpenEnum may bring although no one knows it. */
const unknown = (value: string): never => value as never;

describe('a location in 2.2.1', () => {
  test('that 2.2.1 can say in full arrives in full', () => {
    const full = aLocation();
    assert.deepEqual(wire(schemas.Location, locations.location(full)), full);
  });

  const rich: Location = aLocation({
    help_phone: '+31201234567',
    address: 'Burgemeester Jhr. Quarles van Uffordlaan 1234567 bis achter',
    state: 'Noord-Holland en een stukje Friesland',
    coordinates: { latitude: '-52.0930601', longitude: '-105.1182401' },
    parking_type: unknown('ROOFTOP'),
    facilities: ['HOTEL', unknown('CASINO')],
    publish: false,
    publish_allowed_to: [{ uid: 'X', type: 'EMAID' }],
    evses: [
      anEvse({
        capabilities: ['RFID_READER', unknown('TELEPATHY')],
        parking_restrictions: ['EV_ONLY', 'TAXIS'],
        connectors: [
          aConnector({ id: '1', standard: 'SAE_J3400', capabilities: ['ISO_15118_2_PLUG_AND_CHARGE'] }),
          aConnector({ id: '2', standard: 'MCS' }),
        ],
      }),
      anEvse({ uid: 'MEGAWATT', connectors: [aConnector({ standard: 'MCS' })] }),
    ],
  });

  test('loses what the list of losses says, and is valid', () => {
    const sent = wire(schemas.Location, locations.location(rich));
    assert.equal(sent.address, 'Burgemeester Jhr. Quarles van Uffordlaan 1234');
    assert.equal(sent.state, 'Noord-Holland en een');
    assert.deepEqual(sent.coordinates, { latitude: '-52.093060', longitude: '-105.118240' });
    assert.equal(sent.parking_type, undefined);
    assert.deepEqual(sent.facilities, ['HOTEL']);
    assert.deepEqual(sent.publish_allowed_to, [{ uid: 'X', type: 'OTHER' }]);
    assert.equal(sent.evses?.length, 1);
    const evse = sent.evses[0]!;
    assert.deepEqual(evse.capabilities, ['RFID_READER']);
    assert.deepEqual(evse.parking_restrictions, ['EV_ONLY']);
    assert.deepEqual(
      evse.connectors.map(({ id, standard }) => [id, standard]),
      [['1', 'TESLA_S']],
    );
    assert.ok(!/help_phone|ISO_15118/.test(JSON.stringify(locations.location(rich))));
  });
});

describe('a tariff in 2.2.1', () => {
  const priced = (price: number, vat: number | undefined, overrides: Partial<Tariff>): Tariff =>
    aTariff({ elements: [{ price_components: [{ type: 'ENERGY', price, vat, step_size: 1 }] }], ...overrides });
  const component = (of: Tariff) => wire(schemas.Tariff, tariffs.toWire(of)).elements[0]?.price_components[0];

  test('prices without tax pass as they are, and limits become Prices', () => {
    const sent = wire(
      schemas.Tariff,
      tariffs.toWire(
        priced(0.35, 21, { min_price: { before_taxes: 1, after_taxes: 1.21 }, max_price: { before_taxes: 9 } }),
      ),
    );
    assert.deepEqual(sent.elements[0]?.price_components[0], { type: 'ENERGY', price: 0.35, vat: 21, step_size: 1 });
    assert.deepEqual(sent.min_price, { excl_vat: 1, incl_vat: 1.21 });
    assert.deepEqual(sent.max_price, { excl_vat: 9 });
    assert.ok(!('tax_included' in sent));
  });

  test('prices with tax have it taken out', () => {
    assert.equal(component(priced(0.4235, 21, { tax_included: 'YES' }))?.price, 0.35);
    assert.equal(component(priced(1, 21, { tax_included: 'YES' }))?.price, 0.826446);
  });

  test('where tax does not apply there is no vat', () => {
    assert.equal(component(priced(0.35, 21, { tax_included: 'N/A' }))?.vat, undefined);
  });

  test('tax of an unknown rate can’t be expressed; free of charge can', () => {
    assert.equal(tariffs.toWire(priced(0.35, undefined, { tax_included: 'YES' })), undefined);
    assert.equal(component(priced(0, undefined, { tax_included: 'YES' }))?.price, 0);
  });
});

describe('a session in 2.2.1', () => {
  test('SUBTLE 51: kWh and hours, of charging and of parking, up to the last sample', () => {
    const session = aSession({
      energyWh: 7_654,
      sampledAt: at(5_400_000),
      periods: [
        { startedAt: at(), energyWh: 7_654, parking: false },
        { startedAt: at(3_600_000), energyWh: 0, parking: true },
      ],
    });
    const sent = wire(schemas.Session, sessions.toWire(session));
    assert.equal(sent.kwh, 7.654);
    assert.equal(sent.end_date_time, undefined);
    assert.equal(sent.total_cost, undefined, 'unknown is not free');
    assert.deepEqual(sent.charging_periods, [
      {
        start_date_time: at(),
        dimensions: [
          { type: 'ENERGY', volume: 7.654 },
          { type: 'TIME', volume: 1 },
        ],
        tariff_id: 'AC-1',
      },
      {
        start_date_time: at(3_600_000),
        dimensions: [
          { type: 'ENERGY', volume: 0 },
          { type: 'PARKING_TIME', volume: 0.5 },
        ],
        tariff_id: 'AC-1',
      },
    ]);
    assert.deepEqual(
      [sent.location_id, sent.evse_uid, sent.connector_id, sent.authorization_reference],
      ['UTR-001', 'RBR-UTR-001-1', '1', 'AUTH-1'],
    );
  });

  test('the cost has VAT where it is known', () => {
    const { bill } = aCdr();
    const sent = wire(schemas.Session, sessions.toWire(aSession({ totalCost: bill.total })));
    assert.deepEqual(sent.total_cost, { excl_vat: 4.1, incl_vat: 4.961 });
    const untaxed = aSession({ totalCost: { beforeTaxes: bill.total.beforeTaxes } });
    assert.deepEqual(wire(schemas.Session, sessions.toWire(untaxed)).total_cost, { excl_vat: 4.1 });
  });
});

describe('a CDR in 2.2.1', () => {
  test('has its totals, place, token and tariff', () => {
    const cdr = aCdr();
    const sent = wire(
      schemas.CDR,
      cdrs.toWire({ ...cdr, usage: { energyWh: 11_000, chargingS: 3_600, parkingS: 1_800 } }),
    );
    assert.equal(sent.total_energy, 11);
    assert.equal(sent.total_time, 1.5, 'SUBTLE 59: includes parking');
    assert.equal(sent.total_parking_time, 0.5);
    assert.deepEqual(sent.total_cost, { excl_vat: 4.1, incl_vat: 4.961 });
    assert.deepEqual(sent.total_fixed_cost, { excl_vat: 0.25, incl_vat: 0.3025 });
    assert.deepEqual(sent.total_energy_cost, { excl_vat: 3.85, incl_vat: 4.6585 });
    assert.equal(sent.total_time_cost, undefined);
    assert.equal(sent.session_id, cdr.sessionId);
    assert.deepEqual(sent.cdr_token, cdr.token);
    assert.equal(sent.authorization_reference, 'AUTH-1');
    assert.equal(sent.cdr_location.evse_id, 'NL*RBR*EUTR001*1');
    assert.deepEqual(sent.tariffs, [wire(schemas.Tariff, tariffs.toWire(aTariff()))]);
    assert.equal(sent.charging_periods[0]?.tariff_id, 'AC-1');
    assert.equal(sent.credit, undefined);
  });

  test('SUBTLE 54: a credit CDR names what it takes back, and its total is negative', () => {
    const { bill, id } = aCdr();
    const credit = aCdr({ id: `${id}-C`, credits: id, bill: { ...bill, total: negated(bill.total) } });
    const sent = wire(schemas.CDR, cdrs.toWire(credit));
    assert.deepEqual([sent.credit, sent.credit_reference_id], [true, id]);
    assert.deepEqual(sent.total_cost, { excl_vat: -4.1, incl_vat: -4.961 });
    assert.deepEqual(sent.total_energy_cost, { excl_vat: 3.85, incl_vat: 4.6585 });
  });

  test('SUBTLE 22: #NA for an EVSE ID that can’t be known', () => {
    const place = aPlace({ evse: { uid: 'E1', evse_id: undefined } });
    assert.equal(wire(schemas.CDR, cdrs.toWire(aCdr({ place }))).cdr_location.evse_id, '#NA');
  });

  test('is never lost for a plug, an address or a token type that 2.2.1 can’t say', () => {
    const { location, connector } = aPlace();
    for (const [standard, power_type, expected] of [
      ['MCS', 'DC', 'IEC_62196_T2_COMBO'],
      ['SAE_J3400', 'DC', 'TESLA_S'],
      ['MYSTERY', 'AC_3_PHASE', 'IEC_62196_T2'],
    ] as const) {
      const place = aPlace({
        location: { ...location, address: 'x'.repeat(200), state: 'y'.repeat(45) },
        connector: { ...connector, standard, power_type } as typeof connector,
      });
      const sent = wire(schemas.CDR, cdrs.toWire(aCdr({ place, token: { ...aCdr().token, type: 'EMAID' } })));
      assert.equal(sent.cdr_location.connector_standard, expected);
      assert.equal(sent.cdr_token.type, 'OTHER');
    }
  });

  test('a tariff that 2.2.1 can’t express is named and not spelt out', () => {
    const withTax = aTariff({ tax_included: 'YES' });
    const energy = { type: 'ENERGY', price: 0.35, step_size: 1 } as const;
    const sent = wire(
      schemas.CDR,
      cdrs.toWire(aCdr({ tariff: { ...withTax, elements: [{ price_components: [energy] }] } })),
    );
    assert.equal(sent.tariffs, undefined);
    assert.equal(sent.charging_periods[0]?.tariff_id, 'AC-1');
  });
});

test('SUBTLE 21: a token’s time is kept in the one form that sorts', () => {
  const owner = { countryCode: 'NL', partyId: 'EMS' };
  const read = tokens.fromWire({ ...aToken(), last_updated: '2024-05-01T14:00:00.5+02:00' }, owner);
  assert.equal(read.last_updated, '2024-05-01T12:00:00.500Z');
  assert.equal(tokens.fromWire({ ...aToken(), last_updated: '2024-05-01T12:00:00' }, owner).last_updated, at());
});

describe('a site file’s objects', () => {
  test('a location of either version is read, with its times in the form that sorts', () => {
    const read = readLocation({ ...aLocation(), last_updated: '2024-05-01T12:00:00Z', help_phone: '112' });
    assert.deepEqual(read, { ok: true, value: { ...aLocation(), help_phone: '112' } });
  });

  test('all problems are named with their paths', () => {
    const [evse] = aLocation().evses ?? [];
    const broken = { ...aLocation(), country: 'NL', evses: [{ ...evse, connectors: [] }] };
    const read = readLocation(broken);
    assert.ok(!read.ok);
    assert.deepEqual(
      read.problems.map(({ path }) => path),
      ['country', 'evses.0.connectors'],
    );
    assert.ok(!readLocation(null).ok);
    assert.ok(!readTariff('free').ok);
  });

  test('ids are unique, and a place that is not always open says when it is (SUBTLE 44)', () => {
    const evse = anEvse({ connectors: [aConnector({ id: 'a' }), aConnector({ id: 'A' })] });
    const read = readLocation(aLocation({ evses: [evse, evse], opening_times: { twentyfourseven: false } }));
    assert.ok(!read.ok);
    assert.deepEqual(
      read.problems.map(({ path }) => path),
      ['evses.1.uid', 'evses.0.connectors.1.id', 'evses.1.connectors.1.id', 'opening_times.regular_hours'],
    );
  });

  test('a tariff with tax_included is one of 2.3.0', () => {
    const tariff = aTariff({ tax_included: 'YES', min_price: { before_taxes: 1 } });
    assert.deepEqual(readTariff(tariff), { ok: true, value: tariff });
    assert.ok(!readTariff({ ...tariff, tax_included: 'PERHAPS' }).ok);
  });

  test('one without is of 2.2.1: without tax, and its limits are Prices', () => {
    const { tax_included, ...old } = aTariff();
    const read = readTariff({ ...old, max_price: { excl_vat: 10, incl_vat: 12.1 } });
    assert.equal(tax_included, 'NO');
    assert.deepEqual(read, { ok: true, value: aTariff({ max_price: { before_taxes: 10, after_taxes: 12.1 } }) });
    assert.deepEqual(readTariff({ ...old, min_price: { before_taxes: 1 } }), {
      ok: false,
      problems: [{ path: 'min_price.excl_vat', message: 'Invalid input: expected number, received undefined' }],
    });
  });
});

describe('Link headers', () => {
  const page = 'https://emsp.example/ocpi/tokens?offset=0';
  const rows: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['<https://emsp.example/t?offset=2&limit=2>; rel="next"', 'https://emsp.example/t?offset=2&limit=2'],
    ['<https://emsp.example/t?a=1,2>; rel=next', 'https://emsp.example/t?a=1,2'],
    ['<?offset=2>; rel="next"', 'https://emsp.example/ocpi/tokens?offset=2'],
    ['<https://a.example>; rel="prev", <https://b.example/>; title="x, y"; rel="last next"', 'https://b.example/'],
    ['<https://a.example>; rel="prev"', undefined],
    ['https://a.example; rel="next"', undefined],
  ];
  for (const [link, expected] of rows) {
    test(`${link} is ${expected}`, () => assert.equal(nextLink(link, page), expected));
  }
});
