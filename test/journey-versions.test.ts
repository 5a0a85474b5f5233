import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startWorld, until, type Json, type World } from './support/bridge.js';

const CARD = '04A2B3C4D5E6F7';
const begin = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
const minute = (count: number): Date => new Date(begin + count * 60_000);

const vat = (amount: number): readonly Json[] => [{ name: 'VAT', percentage: 20, amount }];

describe('a charge for an eMSP of OCPI 2.3.0', () => {
  let world: World;
  let transactionId = 0;
  const session = (): Json => [...world.emsp.objects.sessions.values()].at(-1) ?? {};

  before(async () => {
    world = await startWorld({
      emsp: {
        versions: ['2.3.0', '2.2.1'],
        verdictOf: () => ({ allowed: 'ALLOWED', authorizationReference: 'AUTH-42' }),
      },
    });
    world.emsp.setToken({ uid: CARD, type: 'RFID' });
    await world.chargePoint.connect();
    await world.chargePoint.boot();
  });
  after(() => world.close());

  const version = async (): Promise<unknown> => {
    const { data } = await world.operator('GET', '/api/partners');
    const [partner] = data as readonly { connection: Json }[];
    return partner?.connection['version'];
  };

  it('its registration is of 2.3.0, and its tariff says that tax is not included', async () => {
    assert.equal(await version(), '2.3.0');
    const tariff = await until(() => world.emsp.objects.tariffs.get('NL/RBR/T1'), 'the tariff');
    assert.equal(tariff['tax_included'], 'NO');
  });

  it('the session has its cost as a Price of 2.3.0', async () => {
    const { chargePoint } = world;
    const start = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 0, at: minute(0) });
    transactionId = start.transactionId;
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 2_500, at: minute(15) });
    await until(() => session()['kwh'] === 2.5, '2.5 kWh');
    const { id, last_updated, charging_periods, ...rest } = session();
    assert.ok(id && last_updated && charging_periods);
    assert.deepEqual(rest, {
      country_code: 'NL',
      party_id: 'RBR',
      start_date_time: minute(0).toISOString(),
      kwh: 2.5,
      cdr_token: { country_code: 'NL', party_id: 'EMS', uid: CARD, type: 'RFID', contract_id: `NL-EMS-${CARD}` },
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'AUTH-42',
      location_id: 'LOC1',
      evse_uid: 'E1',
      connector_id: '1',
      currency: 'EUR',
      total_cost: { before_taxes: 1.375, taxes: vat(0.275) },
      status: 'ACTIVE',
    });
  });

  it('and so has the CDR', async () => {
    await world.chargePoint.stopTransaction({ transactionId, meterWh: 6_000, idTag: CARD, at: minute(60) });
    const cdr = await until(() => world.emsp.objects.cdrs[0], 'a CDR');
    const { id, last_updated, session_id, cdr_token, cdr_location, charging_periods, tariffs, ...rest } = cdr;
    assert.ok(id && last_updated && cdr_token && cdr_location);
    assert.equal(session_id, session()['id']);
    assert.deepEqual((charging_periods as readonly Json[])[0]?.['dimensions'], [
      { type: 'ENERGY', volume: 6 },
      { type: 'TIME', volume: 1 },
    ]);
    assert.equal((tariffs as readonly Json[])[0]?.['tax_included'], 'NO');
    assert.deepEqual(rest, {
      country_code: 'NL',
      party_id: 'RBR',
      start_date_time: minute(0).toISOString(),
      end_date_time: minute(60).toISOString(),
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'AUTH-42',
      currency: 'EUR',
      // 0.50 + 6 kWh x 0.35; VAT 20 %
      total_cost: { before_taxes: 2.6, taxes: vat(0.52) },
      total_fixed_cost: { before_taxes: 0.5, taxes: vat(0.1) },
      total_energy: 6,
      total_energy_cost: { before_taxes: 2.1, taxes: vat(0.42) },
      total_time: 1,
      total_parking_time: 0,
      total_parking_cost: { before_taxes: 0, taxes: vat(0) },
    });
  });

  it('a command is answered to the URL of that version', async () => {
    world.chargePoint.on('UnlockConnector', () => ({ status: 'Unlocked' }));
    const sent = await world.emsp.unlockConnector({ location_id: 'LOC1', evse_uid: 'E2', connector_id: '1' });
    assert.equal((sent.answer.body['data'] as Json)['result'], 'ACCEPTED');
    assert.deepEqual(await sent.result(5_000), { result: 'ACCEPTED' });
  });

  it('SUBTLE 7: a PUT to the credentials of 2.2.1 switches the version, and all objects come in it', async () => {
    await world.emsp.switchTo('2.2.1');
    assert.equal(await version(), '2.2.1');
    await until(() => !('tax_included' in (world.emsp.objects.tariffs.get('NL/RBR/T1') ?? {})), 'the older tariff');
    const cdrs = await world.emsp.call('GET', 'cdrs', '');
    assert.deepEqual((cdrs.body['data'] as readonly Json[])[0]?.['total_cost'], { excl_vat: 2.6, incl_vat: 3.12 });
  });

  it('what it was owed when it switched is sent at once, in the new version', async () => {
    const { emsp, chargePoint } = world;
    const before = emsp.objects.cdrs.length;
    emsp.setFaults(({ path }) =>
      /\/(cdrs|sessions)/.test(path) ? { kind: 'answer', http: 503, headers: { 'Retry-After': '600' } } : undefined,
    );
    const start = await chargePoint.startTransaction({ connector: 2, idTag: CARD, meterWh: 0, at: minute(0) });
    await chargePoint.stopTransaction({ transactionId: start.transactionId, meterWh: 1_000, at: minute(30) });
    await emsp.waitFor(({ path, fault }) => path.endsWith('/cdrs') && fault !== undefined, 5_000);
    emsp.setFaults(undefined);
    await emsp.switchTo('2.3.0');
    const cdr = await until(() => emsp.objects.cdrs.at(before), 'the CDR', 2_000);
    assert.deepEqual(cdr['total_cost'], { before_taxes: 0.85, taxes: vat(0.17) });
  });
});
