import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { z } from 'zod';
import { cdrs } from '../../ocpi-modules/cdrs/2.1.1.js';
import { commands } from '../../ocpi-modules/commands/2.1.1.js';
import { credentials } from '../../ocpi-modules/credentials/2.1.1.js';
import { locations } from '../../ocpi-modules/locations/2.1.1.js';
import { omit } from '../../ocpi-modules/omit.js';
import { createPartnerLink } from '../../ocpi-modules/partner-link.js';
import { sessions } from '../../ocpi-modules/sessions/2.1.1.js';
import { tariffs } from '../../ocpi-modules/tariffs/2.1.1.js';
import { tokens } from '../../ocpi-modules/tokens/2.1.1.js';
import { chargingPeriodToWire } from '../../ocpi-modules/types/2.1.1.js';
import { versions } from '../../ocpi-modules/versions/2.1.1.js';
import { negated } from '../../src/domain/amounts.js';
import type { Tariff } from '../../src/domain/tariff.js';
import {
  aCdr,
  aConnector,
  aLocation,
  anEvse,
  aPartner,
  aPlace,
  aSession,
  aTariff,
  aToken,
  at,
} from '../support/documents.js';
import { createFakeClock } from '../support/fake-clock.js';
import { schemas } from './schemas-2.1.1.js';
import { logger, party } from './support.js';

/** What goes over the wire, read by our own strict schema. */
const wire = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> =>
  schema.parse(JSON.parse(JSON.stringify(value)));
const owner = { countryCode: 'NL', partyId: 'EMS' };

/** {@link aToken} as 2.1.1 writes it. */
function oldToken() {
  const { contract_id: auth_id } = aToken();
  return { ...omit(aToken(), 'country_code', 'party_id', 'contract_id'), auth_id };
}

test('DIFFERENCES §1: an eMSP’s endpoints get the roles that later versions give them', () => {
  const url = 'https://emsp.example/x';
  const names = ['credentials', 'tokens', 'commands', 'locations', 'sessions', 'cdrs', 'tariffs'];
  const endpoints = versions.detailsFromWire({
    version: '2.1.1',
    endpoints: names.map((identifier) => ({ identifier, url })),
  });
  assert.deepEqual(
    endpoints.map(({ role }) => role),
    ['SENDER', 'SENDER', 'SENDER', 'RECEIVER', 'RECEIVER', 'RECEIVER', 'RECEIVER'],
  );
  assert.deepEqual(wire(schemas.VersionDetails, versions.detailsToWire('2.1.1', endpoints)), {
    version: '2.1.1',
    endpoints: names.map((identifier) => ({ identifier, url })),
  });
});

test('credentials are one party, ours the CPO, theirs an eMSP', () => {
  const businessDetails = { name: 'Both' };
  const both = ['EMSP', 'CPO'].map((role, index) => ({
    role,
    countryCode: 'NL',
    partyId: `RB${index}`,
    businessDetails,
  }));
  const sent = wire(
    schemas.Credentials,
    credentials.toWire({ token: 't', versionsUrl: 'https://cpo.example/versions', roles: both }),
  );
  assert.equal(sent.party_id, 'RB1');
  assert.deepEqual(credentials.fromWire(sent).roles, [
    { role: 'EMSP', countryCode: 'NL', partyId: 'RB1', businessDetails },
  ]);
  const logo = { url: 'nowhere', category: 'MOVIE', type: 'png' };
  assert.equal(
    credentials.fromWire({ ...sent, business_details: { name: 'X', website: 'x', logo } }).roles[0]?.businessDetails
      .logo,
    undefined,
  );
});

describe('a location', () => {
  test('has one tariff a connector, a type, a postal code and 6 decimals', () => {
    const sent = wire(
      schemas.Location,
      locations.location(
        aLocation({ postal_code: undefined, coordinates: { latitude: '52.0930606', longitude: '5.11824' } }),
      ),
    );
    assert.deepEqual(sent.coordinates, { latitude: '52.093061', longitude: '5.118240' });
    assert.deepEqual([sent.type, sent.postal_code], ['ON_STREET', '-']);
    const connector = sent.evses?.[0]?.connectors[0];
    assert.deepEqual([connector?.voltage, connector?.amperage, connector?.tariff_id], [400, 32, 'AC-1']);
  });

  test('is of an unknown or another type where 2.1.1 has no word for it', () => {
    const typeOf = (parking_type: 'ON_DRIVEWAY' | undefined) =>
      wire(schemas.Location, locations.location(aLocation({ parking_type }))).type;
    assert.deepEqual([typeOf('ON_DRIVEWAY'), typeOf(undefined)], ['OTHER', 'UNKNOWN']);
  });

  test('that is not published is not there, and neither are its parts', () => {
    const hidden = aLocation({ publish: false });
    assert.equal(locations.location(hidden), undefined);
    assert.equal(locations.evse(hidden, 'RBR-UTR-001-1'), undefined);
    assert.equal(locations.connector(hidden, 'RBR-UTR-001-1', '1'), undefined);
    assert.equal(locations.evseStatus(hidden, 'RBR-UTR-001-1'), undefined);
  });

  test('gives its parts by their ids, and none that 2.1.1 can’t name', () => {
    const place = aLocation({
      evses: [anEvse(), anEvse({ uid: 'GB', connectors: [aConnector({ standard: 'GBT_AC' })] })],
    });
    assert.equal(wire(schemas.EVSE, locations.evse(place, 'rbr-utr-001-1')).uid, 'RBR-UTR-001-1');
    assert.equal(wire(schemas.Connector, locations.connector(place, 'RBR-UTR-001-1', '1')).id, '1');
    assert.deepEqual(locations.evseStatus(place, 'RBR-UTR-001-1'), { status: 'AVAILABLE', last_updated: at() });
    assert.equal(locations.evse(place, 'GB'), undefined);
  });
});

describe('a session and a CDR', () => {
  test('have the place as a Location with one EVSE and connector', () => {
    for (const location of [
      wire(schemas.Session, sessions.toWire(aSession())).location,
      wire(schemas.CDR, cdrs.toWire(aCdr())).location,
    ]) {
      assert.deepEqual([location.id, location.type, location.evses?.length], ['UTR-001', 'UNKNOWN', 1]);
      const evse = location.evses?.[0];
      assert.deepEqual([evse?.uid, evse?.status, evse?.last_updated], ['RBR-UTR-001-1', 'CHARGING', at()]);
      assert.equal(evse?.connectors.length, 1);
    }
  });

  test('are not lost for a plug that 2.1.1 can’t name, and have its volts and amperes where they are kept', () => {
    const { connector } = aPlace();
    const sent = (overrides: Partial<typeof connector>) =>
      wire(schemas.CDR, cdrs.toWire(aCdr({ place: aPlace({ connector: { ...connector, ...overrides } }) }))).location
        .evses?.[0]?.connectors[0];
    assert.equal(sent({ standard: 'GBT_DC', power_type: 'DC' })?.standard, 'IEC_62196_T2_COMBO');
    assert.equal(sent({ standard: 'NEMA_5_20', power_type: 'AC_1_PHASE' })?.standard, 'IEC_62196_T2');
    assert.equal(sent({ standard: 'SAE_J3400' })?.standard, 'TESLA_S');
    const measured = sent({ max_voltage: 230, max_amperage: 16 });
    assert.deepEqual([measured?.voltage, measured?.amperage], [230, 16]);
  });

  test('cost what they cost before taxes, and say the contract', () => {
    const { bill } = aCdr();
    const session = wire(
      schemas.Session,
      sessions.toWire(aSession({ totalCost: bill.total, authMethod: 'COMMAND', endedAt: at(1000) })),
    );
    assert.deepEqual([session.total_cost, session.auth_id], [4.1, 'NL-EMS-C12345678-9']);
    assert.deepEqual([session.auth_method, session.end_datetime], ['AUTH_REQUEST', at(1000)]);
    assert.equal(wire(schemas.Session, sessions.toWire(aSession())).total_cost, undefined, 'unknown is not free');
    assert.deepEqual(sessions.growthToWire(aSession({ totalCost: bill.total, energyWh: 5_000 })), {
      kwh: 5,
      total_cost: 4.1,
      last_updated: at(),
    });
    const cdr = wire(
      schemas.CDR,
      cdrs.toWire(aCdr({ usage: { energyWh: 11_000, chargingS: 3_600, parkingS: 1_800 } })),
    );
    assert.deepEqual([cdr.total_cost, cdr.total_energy, cdr.total_time, cdr.total_parking_time], [4.1, 11, 1.5, 0.5]);
    assert.deepEqual([cdr.stop_date_time, cdr.tariffs?.length], [at(3_600_000), 1]);
  });

  test('measure only what 2.1.1 has names for', () => {
    const dimensions = [
      { type: 'ENERGY', volume: 1 },
      { type: 'STATE_OF_CHARGE', volume: 80 },
    ] as const;
    const sent = chargingPeriodToWire({ start_date_time: at(), tariff_id: 'T1', dimensions: [...dimensions] });
    assert.deepEqual(sent, { start_date_time: at(), dimensions: [{ type: 'ENERGY', volume: 1 }] });
  });

  test('SUBTLE 54: neither a credit CDR nor the one after it can be sent, and it says why', () => {
    const { bill, id } = aCdr();
    const credit = aCdr({ id: `${id}-C`, credits: id, bill: { ...bill, total: negated(bill.total) } });
    assert.equal(cdrs.toWire(credit), undefined);
    assert.match(cdrs.whyNot?.(credit) ?? '', new RegExp(`settle ${id} with the partner`));
    const next = aCdr({ id: `${id}-2` });
    assert.equal(cdrs.toWire(next), undefined);
    assert.match(cdrs.whyNot?.(next) ?? '', new RegExp(`settle ${id}-2`));
    assert.equal(cdrs.whyNot?.(aCdr()), undefined);
  });

  test('such a CDR is refused before anything is sent, for the operator to read', async () => {
    const { connection } = aPartner();
    assert.ok(connection);
    const link = createPartnerLink({
      vault: { seal: (secret) => secret, open: () => assert.fail('nothing is sent') },
      clock: createFakeClock(),
      logger,
      party,
      options: { timeoutMs: 1, maxBodyBytes: 1, urlPolicy: { allowPrivateNetworks: false }, pageSize: 1, maxPages: 1 },
    });
    const old = aPartner({ connection: { ...connection, version: '2.1.1' } });
    const result = await link.postCdr(old, aCdr({ id: 'x-C', credits: 'x' }));
    assert.deepEqual(result, { result: 'refused', reason: cdrs.whyNot?.(aCdr({ credits: 'x' })), missing: false });
  });
});

describe('a tariff', () => {
  const energy = (price: number) => ({ type: 'ENERGY', price, step_size: 1 }) as const;
  const time = (price: number) => ({ type: 'TIME', price, step_size: 60 }) as const;
  const elementsOf = (elements: Tariff['elements']) =>
    wire(schemas.Tariff, tariffs.toWire(aTariff({ elements }))).elements;

  test('DIFFERENCES §8: the choice per dimension becomes one of whole elements', () => {
    assert.deepEqual(
      elementsOf([
        { price_components: [energy(0.5)], restrictions: { min_power: 50 } },
        { price_components: [time(3)], restrictions: { day_of_week: ['SUNDAY'] } },
        { price_components: [energy(0.3)] },
      ]),
      [
        { price_components: [energy(0.5), time(3)], restrictions: { min_power: 50, day_of_week: ['SUNDAY'] } },
        { price_components: [energy(0.5)], restrictions: { min_power: 50 } },
        { price_components: [time(3), energy(0.3)], restrictions: { day_of_week: ['SUNDAY'] } },
        { price_components: [energy(0.3)] },
      ],
    );
  });

  test('restrictions that can’t hold together make no element, and hours of the day may meet twice', () => {
    assert.deepEqual(
      elementsOf([
        { price_components: [energy(0.5)], restrictions: { start_time: '22:00', end_time: '07:00', max_kwh: 10 } },
        { price_components: [time(1)], restrictions: { start_time: '06:00', end_time: '23:00', min_kwh: 5 } },
        { price_components: [time(2)], restrictions: { min_kwh: 20, start_time: '22:00' } },
      ]),
      [
        {
          price_components: [energy(0.5), time(1)],
          restrictions: { start_time: '22:00', end_time: '23:00', min_kwh: 5, max_kwh: 10 },
        },
        {
          price_components: [energy(0.5), time(1)],
          restrictions: { start_time: '06:00', end_time: '07:00', min_kwh: 5, max_kwh: 10 },
        },
        { price_components: [energy(0.5)], restrictions: { start_time: '22:00', end_time: '07:00', max_kwh: 10 } },
        { price_components: [time(1)], restrictions: { start_time: '06:00', end_time: '23:00', min_kwh: 5 } },
        { price_components: [time(2)], restrictions: { start_time: '22:00', end_time: '00:00', min_kwh: 20 } },
      ],
    );
  });

  test('elements for reservations are left out rather than sent without their restriction', () => {
    const reserved = { price_components: [time(9)], restrictions: { reservation: 'RESERVATION' } } as const;
    assert.deepEqual(elementsOf([{ ...reserved, price_components: [time(9)] }, { price_components: [energy(1)] }]), [
      { price_components: [energy(1)] },
    ]);
    assert.equal(tariffs.toWire(aTariff({ elements: [{ ...reserved, price_components: [time(9)] }] })), undefined);
  });

  test('what depends on the current, is for other than regular use, or would be endless is not sent', () => {
    for (const restrictions of [{ min_current: 16 }, { max_current: 0 }]) {
      assert.equal(tariffs.toWire(aTariff({ elements: [{ price_components: [energy(1)], restrictions }] })), undefined);
    }
    assert.equal(tariffs.toWire(aTariff({ type: 'AD_HOC_PAYMENT' })), undefined);
    const types = ['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME'] as const;
    const endless = types.flatMap((type) =>
      Array.from({ length: 9 }, (_, kwh) => ({
        price_components: [{ type, price: kwh, step_size: 1 }],
        restrictions: { min_kwh: kwh },
      })),
    );
    assert.equal(tariffs.toWire(aTariff({ elements: endless })), undefined);
  });
});

describe('a token', () => {
  const sent = oldToken();

  test('is its owner’s, which is not said in it', () => {
    assert.deepEqual(tokens.fromWire(sent, owner), aToken());
    assert.deepEqual(wire(schemas.Token, tokens.toWire(aToken())), sent);
    assert.throws(() => tokens.fromWire({ ...sent, type: 'APP_USER' }, owner), /type/);
  });

  test('SUBTLE 39: a PATCH need not say when it was made', () => {
    assert.deepEqual(tokens.patchFromWire({ valid: false }), { valid: false });
    assert.deepEqual(tokens.patchFromWire({ auth_id: 'NEW', last_updated: '2024-05-01T12:00:00Z' }), {
      contract_id: 'NEW',
      last_updated: at(),
    });
  });

  test('a verdict brings no token', () => {
    assert.deepEqual(
      tokens.authorizationFromWire({ allowed: 'ALLOWED', location: { location_id: 'L', evse_uids: ['E'] }, info: 7 }),
      { kind: 'verdict', allowed: 'ALLOWED', evseUids: ['E'] },
    );
    assert.deepEqual(
      wire(
        schemas.LocationReferences,
        tokens.locationReferencesToWire({ uid: 'X', type: 'RFID', locationId: 'L', timeoutMs: 1 }),
      ),
      { location_id: 'L' },
    );
  });
});

test('commands have numbers for reservations, no cancelling, and results in fewer words', () => {
  const reserve = {
    response_url: 'https://emsp.example/r',
    token: oldToken(),
    expiry_date: at(),
    reservation_id: 7,
    location_id: 'UTR-001',
  };
  const asked = commands.fromWire('RESERVE_NOW', reserve, owner);
  assert.ok(asked?.command === 'reserveNow');
  assert.equal(asked.request.reservationId, '7');
  assert.deepEqual(asked.request.token, aToken());
  assert.throws(
    () => commands.fromWire('RESERVE_NOW', { ...reserve, reservation_id: 'seven' }, owner),
    /reservation_id/,
  );
  const cancel = { response_url: 'https://emsp.example/r', reservation_id: '7' };
  assert.equal(commands.fromWire('CANCEL_RESERVATION', cancel, owner), undefined);
  assert.deepEqual(commands.resultToWire('EVSE_OCCUPIED', 'busy'), { result: 'REJECTED' });
  assert.deepEqual(commands.resultToWire('TIMEOUT', undefined), { result: 'TIMEOUT' });
});
