import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AuthorizeQuestion } from '../src/demo/emsp-tokens.js';
import { createSimulatedEmsp, type SimulatedEmsp } from '../src/demo/emsp.js';
import { registerEmsp, startWorld, until, type Json, type World } from './support/bridge.js';

const CARD = '04A2B3C4D5E6F7';
const MINUTE_MS = 60_000;

const cardToken = {
  country_code: 'NL',
  party_id: 'EMS',
  uid: CARD,
  type: 'RFID',
  contract_id: `NL-EMS-${CARD}`,
};

const location = (world: World): Json => world.emsp.objects.locations.get('NL/RBR/LOC1') ?? {};
const evse = (world: World, uid: string): Json =>
  (location(world)['evses'] as readonly Json[] | undefined)?.find((each) => each['uid'] === uid) ?? {};
const status = (world: World, uid: string, wanted: string) =>
  until(() => evse(world, uid)['status'] === wanted, `EVSE ${uid} ${wanted}`);
const session = (world: World): Json | undefined => [...world.emsp.objects.sessions.values()].at(-1);

/** The statuses of an EVSE in the order in which the eMSP was told of them. */
const statusHistory = (world: World, uid: string): readonly unknown[] =>
  world.emsp.requests.flatMap(({ method, path, body }) => {
    if (method === 'PUT' && path.endsWith('/locations/NL/RBR/LOC1')) {
      const evses = (body as { evses: readonly Json[] }).evses;
      return evses.filter((each) => each['uid'] === uid).map((each) => each['status']);
    }
    return method === 'PATCH' && path.endsWith(`/LOC1/${uid}`) ? [(body as Json)['status']] : [];
  });

async function connect({ chargePoint }: World): Promise<void> {
  await chargePoint.connect();
  assert.deepEqual(await chargePoint.boot(), { status: 'Accepted', interval: 300 });
  for (const connector of [0, 1, 2]) await chargePoint.status(connector, 'Available');
}

describe('a driver taps a card', () => {
  let world: World;
  const asked: AuthorizeQuestion[] = [];
  const started = Math.floor(Date.now() / 1000) * 1000 - 60 * MINUTE_MS;
  const minute = (count: number): Date => new Date(started + count * MINUTE_MS);
  const iso = (count: number): string => minute(count).toISOString();
  let transactionId = 0;
  let sessionId = '';

  before(async () => {
    world = await startWorld({
      emsp: {
        verdictOf: (question) => {
          asked.push(question);
          return { allowed: 'ALLOWED', authorizationReference: 'AUTH-42' };
        },
      },
    });
    await world.emsp.waitFor(({ method, path }) => method === 'GET' && path.includes('/tokens'), 5000);
    world.emsp.setToken({ uid: CARD, whitelist: 'NEVER' });
  });
  after(() => world.close());

  it('the location and its tariff are at the eMSP, field by field', async () => {
    await until(() => world.emsp.objects.tariffs.size === 1 && world.emsp.objects.locations.size === 1, 'the site');
    const { evses, last_updated, ...rest } = location(world);
    assert.match(String(last_updated), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(rest, {
      country_code: 'NL',
      party_id: 'RBR',
      id: 'LOC1',
      publish: true,
      name: 'Neude',
      address: 'Neude 11',
      city: 'Utrecht',
      postal_code: '3512AE',
      country: 'NLD',
      coordinates: { latitude: '52.093060', longitude: '5.118240' },
      time_zone: 'Europe/Amsterdam',
    });
    const [first, second] = evses as readonly Json[];
    assert.equal(second?.['uid'], 'E2');
    const { connectors, last_updated: moved, ...of } = first ?? {};
    assert.equal(moved, last_updated);
    assert.deepEqual(of, {
      uid: 'E1',
      evse_id: 'NL*RBR*E001',
      status: 'UNKNOWN',
      capabilities: ['RFID_READER', 'REMOTE_START_STOP_CAPABLE'],
    });
    assert.deepEqual(connectors, [
      {
        id: '1',
        standard: 'IEC_62196_T2',
        format: 'SOCKET',
        power_type: 'AC_3_PHASE',
        max_voltage: 230,
        max_amperage: 32,
        tariff_ids: ['T1'],
        last_updated,
      },
    ]);
    const tariff = world.emsp.objects.tariffs.get('NL/RBR/T1') ?? {};
    assert.equal(tariff['currency'], 'EUR');
    assert.equal('tax_included' in tariff, false, 'a field of 2.3.0');
    assert.deepEqual((tariff['elements'] as readonly Json[])[0]?.['price_components'], [
      { type: 'FLAT', price: 0.5, vat: 20, step_size: 1 },
      { type: 'ENERGY', price: 0.35, vat: 20, step_size: 1 },
      { type: 'PARKING_TIME', price: 2, vat: 20, step_size: 1 },
    ]);
  });

  it('a token is pushed', async () => {
    const { http, body } = await world.emsp.pushToken(CARD);
    assert.equal(http, 201);
    assert.equal(body['status_code'], 1000);
  });

  it('the charge point connects, and its EVSEs are AVAILABLE at the eMSP', async () => {
    await connect(world);
    await status(world, 'E1', 'AVAILABLE');
    await status(world, 'E2', 'AVAILABLE');
  });

  it('the eMSP is asked in real time, with the place', async () => {
    assert.equal(await world.chargePoint.authorize(CARD), 'Accepted');
    assert.deepEqual(asked, [{ uid: CARD, type: 'RFID', location: { location_id: 'LOC1', evse_uids: ['E1', 'E2'] } }]);
  });

  it('the transaction starts without a second question', async () => {
    await world.chargePoint.status(1, 'Preparing');
    await status(world, 'E1', 'BLOCKED');
    const start = await world.chargePoint.startTransaction({
      connector: 1,
      idTag: CARD,
      meterWh: 1_000_000,
      at: minute(0),
    });
    assert.equal(start.status, 'Accepted');
    transactionId = start.transactionId;
    await world.chargePoint.status(1, 'Charging');
    await status(world, 'E1', 'CHARGING');
    assert.equal(asked.length, 1);
  });

  it('the first push of the session is whole', async () => {
    const put = await world.emsp.waitFor(({ method, path }) => method === 'PUT' && path.includes('/sessions/'), 5000);
    const { id, last_updated, ...rest } = put.body as Json;
    sessionId = String(id);
    assert.ok(sessionId.length <= 36);
    assert.match(put.path, new RegExp(`/NL/RBR/${sessionId}$`));
    assert.match(String(last_updated), /Z$/);
    assert.deepEqual(rest, {
      country_code: 'NL',
      party_id: 'RBR',
      start_date_time: iso(0),
      kwh: 0,
      cdr_token: cardToken,
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'AUTH-42',
      location_id: 'LOC1',
      evse_uid: 'E1',
      connector_id: '1',
      currency: 'EUR',
      charging_periods: [
        {
          start_date_time: iso(0),
          dimensions: [
            { type: 'ENERGY', volume: 0 },
            { type: 'TIME', volume: 0 },
          ],
          tariff_id: 'T1',
        },
      ],
      total_cost: { excl_vat: 0.5, incl_vat: 0.6 },
      status: 'ACTIVE',
    });
  });

  it('the session grows in kWh and cost', async () => {
    const { chargePoint } = world;
    for (const [at, meterWh, kwh] of [
      [15, 1_002_500, 2.5],
      [30, 1_005_125, 5.125],
    ] as const) {
      await chargePoint.meterValues({ connector: 1, transactionId, meterWh, at: minute(at) });
      await until(() => session(world)?.['kwh'] === kwh, `${kwh} kWh`);
    }
    assert.deepEqual(session(world)?.['total_cost'], { excl_vat: 2.2938, incl_vat: 2.7525 });
    const growing = world.emsp.requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/sessions/'));
    assert.ok(growing.length >= 1);
    for (const { body } of growing) {
      assert.ok((body as Json)['last_updated'], 'PATCH carries last_updated (SUBTLE 48)');
      assert.equal('charging_periods' in (body as Json), false, 'a PATCH would append them (SUBTLE 47)');
    }
  });

  it('the vehicle is full and stays: parking is a period of its own', async () => {
    await world.chargePoint.call('StatusNotification', {
      connectorId: 1,
      status: 'SuspendedEV',
      errorCode: 'NoError',
      timestamp: iso(40),
    });
    await until(() => (session(world)?.['charging_periods'] as unknown[]).length === 2, 'two periods');
    assert.equal(evse(world, 'E1')['status'], 'CHARGING');
  });

  it('the stop completes the session, and one CDR arrives with all that was charged', async () => {
    const { chargePoint, emsp } = world;
    await chargePoint.stopTransaction({
      transactionId,
      meterWh: 1_006_000,
      idTag: CARD,
      reason: 'EVDisconnected',
      at: minute(60),
    });
    await until(() => session(world)?.['status'] === 'COMPLETED', 'a COMPLETED session');
    assert.equal(session(world)?.['kwh'], 6);
    assert.equal(session(world)?.['end_date_time'], iso(60));
    await until(() => emsp.objects.cdrs.length > 0, 'a CDR');
    const { last_updated, tariffs, cdr_location, ...cdr } = emsp.objects.cdrs[0] ?? {};
    assert.match(String(last_updated), /Z$/);
    assert.deepEqual(cdr, {
      country_code: 'NL',
      party_id: 'RBR',
      id: sessionId,
      start_date_time: iso(0),
      end_date_time: iso(60),
      session_id: sessionId,
      cdr_token: cardToken,
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'AUTH-42',
      currency: 'EUR',
      charging_periods: [
        {
          start_date_time: iso(0),
          dimensions: [
            { type: 'ENERGY', volume: 5.125 },
            { type: 'TIME', volume: 0.6667 },
          ],
          tariff_id: 'T1',
        },
        {
          start_date_time: iso(40),
          dimensions: [
            { type: 'ENERGY', volume: 0.875 },
            { type: 'PARKING_TIME', volume: 0.3333 },
          ],
          tariff_id: 'T1',
        },
      ],
      // 0.50 + 6 kWh x 0.35 + 20 min x 2.00/h = 3.266667; VAT 20 %
      total_cost: { excl_vat: 3.2667, incl_vat: 3.92 },
      total_fixed_cost: { excl_vat: 0.5, incl_vat: 0.6 },
      total_energy: 6,
      total_energy_cost: { excl_vat: 2.1, incl_vat: 2.52 },
      total_time: 1,
      total_parking_time: 0.3333,
      total_parking_cost: { excl_vat: 0.6667, incl_vat: 0.8 },
    });
    assert.deepEqual(cdr_location, {
      id: 'LOC1',
      name: 'Neude',
      address: 'Neude 11',
      city: 'Utrecht',
      postal_code: '3512AE',
      country: 'NLD',
      coordinates: { latitude: '52.093060', longitude: '5.118240' },
      evse_uid: 'E1',
      evse_id: 'NL*RBR*E001',
      connector_id: '1',
      connector_standard: 'IEC_62196_T2',
      connector_format: 'SOCKET',
      connector_power_type: 'AC_3_PHASE',
    });
    assert.equal((tariffs as readonly Json[])[0]?.['id'], 'T1');
  });

  it('the EVSE is free again, and the eMSP saw each status in order', async () => {
    await world.chargePoint.status(1, 'Available');
    await status(world, 'E1', 'AVAILABLE');
    const history = statusHistory(world, 'E1').filter((each, index, all) => each !== all[index - 1]);
    assert.deepEqual(history, ['UNKNOWN', 'AVAILABLE', 'BLOCKED', 'CHARGING', 'AVAILABLE']);
  });

  it('everything was sent with the token, ids and routing headers of OCPI 2.2.1', () => {
    const pushes = world.emsp.requests.filter(({ method }) => ['PUT', 'PATCH', 'POST'].includes(method));
    assert.ok(pushes.length > 8);
    for (const { headers } of pushes) {
      assert.match(String(headers.authorization), /^Token \S+$/);
      assert.ok(headers['x-request-id']);
      assert.ok(headers['x-correlation-id']);
      assert.equal(headers['ocpi-from-country-code'], 'NL');
      assert.equal(headers['ocpi-from-party-id'], 'RBR');
      assert.equal(headers['ocpi-to-party-id'], 'EMS');
    }
    const ids = pushes.map(({ headers }) => headers['x-request-id']);
    assert.equal(new Set(ids).size, ids.length, 'X-Request-ID is unique (SUBTLE 28)');
  });

  it('the eMSP finds the same by GET, and nothing is left to deliver', async () => {
    const sessions = await world.emsp.call('GET', 'sessions', `?date_from=${encodeURIComponent(iso(-60))}`);
    assert.deepEqual((sessions.body['data'] as readonly Json[])[0], session(world));
    const cdrs = await world.emsp.call('GET', 'cdrs', '');
    assert.deepEqual(cdrs.body['data'], world.emsp.objects.cdrs);
    const { data } = await world.operator('GET', '/api/deliveries');
    assert.deepEqual((data as { deliveries: unknown[] }).deliveries, []);
  });
});

describe('an eMSP’s app starts and stops a charge', () => {
  let world: World;
  const APP_TOKEN = {
    country_code: 'NL',
    party_id: 'EMS',
    uid: 'app-0c4f3b6a-7a41-4e3f-9d2a-33b1',
    type: 'APP_USER',
    contract_id: 'NL-EMS-C00000001-A',
    issuer: 'Simulated eMSP',
    valid: true,
    whitelist: 'NEVER',
    last_updated: '2026-01-01T00:00:00Z',
  };
  let idTag = '';
  let transactionId = 0;

  before(async () => {
    world = await startWorld();
    await connect(world);
    await status(world, 'E2', 'AVAILABLE');
  });
  after(() => world.close());

  it('START_SESSION is taken, run on the charge point, and its result posted', async () => {
    const asked = new Promise<Json>((resolve) =>
      world.chargePoint.on('RemoteStartTransaction', (payload) => {
        resolve(payload);
        return { status: 'Accepted' };
      }),
    );
    const sent = await world.emsp.startSession({
      token: APP_TOKEN,
      location_id: 'LOC1',
      evse_uid: 'E2',
      authorization_reference: 'APP-REF-7',
    });
    assert.equal(sent.answer.http, 200);
    assert.equal(sent.answer.body['status_code'], 1000);
    assert.deepEqual(sent.answer.body['data'], { result: 'ACCEPTED', timeout: 30 });
    const payload = await asked;
    assert.equal(payload['connectorId'], 2);
    idTag = String(payload['idTag']);
    assert.ok(idTag.length <= 20, 'OCPP 1.6 idTags end at 20 characters, this token has more');
    assert.deepEqual(await sent.result(5000), { result: 'ACCEPTED' });
  });

  it('the session names the token and reference of the command, and nobody is asked again', async () => {
    const start = await world.chargePoint.startTransaction({ connector: 2, idTag, meterWh: 500 });
    assert.equal(start.status, 'Accepted');
    transactionId = start.transactionId;
    await until(() => session(world) !== undefined, 'a session');
    const { cdr_token, auth_method, authorization_reference, evse_uid } = session(world) ?? {};
    assert.deepEqual(
      { cdr_token, auth_method, authorization_reference, evse_uid },
      {
        cdr_token: {
          country_code: 'NL',
          party_id: 'EMS',
          uid: APP_TOKEN.uid,
          type: 'APP_USER',
          contract_id: APP_TOKEN.contract_id,
        },
        auth_method: 'COMMAND',
        authorization_reference: 'APP-REF-7',
        evse_uid: 'E2',
      },
    );
    assert.equal(world.emsp.requests.filter(({ path }) => path.includes('/authorize')).length, 0);
  });

  it('a second start there is answered EVSE_OCCUPIED', async () => {
    const again = await world.emsp.startSession({ token: APP_TOKEN, location_id: 'LOC1', evse_uid: 'E2' });
    assert.deepEqual(await again.result(5000), { result: 'EVSE_OCCUPIED' });
  });

  it('STOP_SESSION stops it, and the CDR has the command’s reference', async () => {
    const asked = new Promise<Json>((resolve) =>
      world.chargePoint.on('RemoteStopTransaction', (payload) => {
        resolve(payload);
        return { status: 'Accepted' };
      }),
    );
    const sent = await world.emsp.stopSession(String(session(world)?.['id']));
    assert.deepEqual(await asked, { transactionId });
    assert.deepEqual(await sent.result(5000), { result: 'ACCEPTED' });
    await world.chargePoint.stopTransaction({ transactionId, meterWh: 900, reason: 'Remote' });
    await until(() => world.emsp.objects.cdrs.length === 1, 'a CDR');
    const cdr = world.emsp.objects.cdrs[0] ?? {};
    assert.equal(cdr['authorization_reference'], 'APP-REF-7');
    assert.equal(cdr['auth_method'], 'COMMAND');
    assert.equal(cdr['total_energy'], 0.4);
  });

  it('a session that is not there, or over, is not stopped', async () => {
    const unknown = await world.emsp.stopSession('nothing');
    assert.equal((unknown.answer.body['data'] as Json)['result'], 'UNKNOWN_SESSION');
    const over = await world.emsp.stopSession(String(session(world)?.['id']));
    assert.equal((over.answer.body['data'] as Json)['result'], 'REJECTED');
  });

  it('UNLOCK_CONNECTOR reaches the connector', async () => {
    const asked = new Promise<Json>((resolve) =>
      world.chargePoint.on('UnlockConnector', (payload) => {
        resolve(payload);
        return { status: 'UnlockFailed' };
      }),
    );
    const sent = await world.emsp.unlockConnector({ location_id: 'LOC1', evse_uid: 'E2', connector_id: '1' });
    assert.deepEqual(await asked, { connectorId: 2 });
    assert.deepEqual(await sent.result(5000), { result: 'FAILED' });
  });

  it('a location that is not there is 2003 and REJECTED (SUBTLE 77)', async () => {
    const { answer } = await world.emsp.startSession({ token: APP_TOKEN, location_id: 'NOWHERE' });
    assert.equal(answer.http, 200);
    assert.equal(answer.body['status_code'], 2003);
    assert.equal((answer.body['data'] as Json)['result'], 'REJECTED');
  });

  it('a charge point that refuses, and one that is gone, are told', async () => {
    world.chargePoint.on('RemoteStartTransaction', () => ({ status: 'Rejected' }));
    const refused = await world.emsp.startSession({ token: APP_TOKEN, location_id: 'LOC1', evse_uid: 'E1' });
    assert.deepEqual(await refused.result(5000), { result: 'REJECTED' });
    await world.chargePoint.disconnect();
    const gone = await until(async () => {
      const sent = await world.emsp.startSession({ token: APP_TOKEN, location_id: 'LOC1', evse_uid: 'E1' });
      const answer = sent.answer.body['data'] as Json;
      return answer['result'] === 'REJECTED' && answer;
    }, 'a refusal');
    assert.equal(gone['result'], 'REJECTED');
  });
});

describe('a driver whose token is refused', () => {
  let world: World;
  before(async () => {
    world = await startWorld({
      emsp: {
        verdictOf: ({ uid }) => {
          if (uid === 'BLOCKED1') return { allowed: 'BLOCKED' };
          return uid === 'EXPIRED1' ? { allowed: 'EXPIRED' } : 'unknown-token';
        },
      },
    });
    for (const uid of ['BLOCKED1', 'EXPIRED1']) world.emsp.setToken({ uid });
    await connect(world);
  });
  after(() => world.close());

  for (const [uid, expected] of [
    ['BLOCKED1', 'Blocked'],
    ['EXPIRED1', 'Expired'],
    ['NOBODY', 'Invalid'],
  ] as const) {
    it(`${uid} is ${expected}`, async () => assert.equal(await world.chargePoint.authorize(uid), expected));
  }

  it('a transaction that starts all the same is recorded, but nobody gets a session or CDR', async () => {
    const start = await world.chargePoint.startTransaction({ connector: 1, idTag: 'BLOCKED1', meterWh: 100 });
    assert.equal(start.status, 'Blocked');
    await world.chargePoint.stopTransaction({
      transactionId: start.transactionId,
      meterWh: 180,
      reason: 'DeAuthorized',
    });
    const { data } = await world.operator('GET', '/api/sessions');
    const [recorded, ...others] = data as readonly Json[];
    assert.deepEqual(others, []);
    assert.equal(recorded?.['status'], 'INVALID');
    assert.equal(recorded['energyWh'], 80);
    assert.deepEqual(recorded['anomalies'], ['unauthorized']);
    assert.equal(world.emsp.objects.sessions.size, 0);
    assert.equal(world.emsp.objects.cdrs.length, 0);
    assert.deepEqual((await world.operator('GET', '/api/cdrs')).data, []);
  });

  it('an eMSP that does not answer in time is a refusal', async () => {
    world.emsp.setFaults(({ path }) => (path.includes('/authorize') ? { kind: 'reset' } : undefined));
    assert.equal(await world.chargePoint.authorize('EXPIRED1'), 'Invalid');
    world.emsp.setFaults(undefined);
  });
});

describe('two eMSPs', () => {
  let world: World;
  let other: SimulatedEmsp;
  before(async () => {
    world = await startWorld();
    other = await createSimulatedEmsp({ partyId: 'OTH' });
    await registerEmsp(world.operator, other);
    // not in any list that was fetched: both have to be asked
    await until(async () => {
      const partners = (await world.operator('GET', '/api/partners')).data as readonly Json[];
      return partners.every(({ tokensPulledTo }) => tokensPulledTo !== undefined);
    }, 'the tokens of both');
    other.setToken({ uid: 'OTHERCARD' });
    await connect(world);
  });
  after(async () => {
    await world.close();
    await other.close();
  });

  it('are both asked about a card that neither has told us of, and the one that knows it decides', async () => {
    assert.equal(await world.chargePoint.authorize('OTHERCARD'), 'Accepted');
    for (const emsp of [world.emsp, other]) {
      assert.equal(emsp.requests.filter(({ path }) => path.includes('/tokens/OTHERCARD/authorize')).length, 1);
    }
  });

  it('both see the locations; session and CDR go only to the one that issued the card', async () => {
    const { chargePoint, emsp } = world;
    const { transactionId } = await chargePoint.startTransaction({ connector: 1, idTag: 'OTHERCARD', meterWh: 0 });
    await chargePoint.stopTransaction({ transactionId, meterWh: 300 });
    await until(() => other.objects.cdrs.length === 1, 'the CDR');
    assert.equal(other.objects.sessions.size, 1);
    for (const each of [emsp, other]) assert.equal(each.objects.locations.size, 1);
    assert.equal(emsp.objects.sessions.size, 0);
    assert.equal(emsp.objects.cdrs.length, 0);
    const since = `?date_from=${encodeURIComponent('2020-01-01T00:00:00Z')}`;
    assert.deepEqual((await emsp.call('GET', 'sessions', since)).body['data'], []);
    assert.deepEqual((await emsp.call('GET', 'cdrs', '')).body['data'], []);
    assert.equal(((await other.call('GET', 'cdrs', '')).body['data'] as unknown[]).length, 1);
  });

  it('neither can stop the other’s session', async () => {
    const { chargePoint, emsp } = world;
    await chargePoint.authorize('OTHERCARD');
    const { transactionId } = await chargePoint.startTransaction({ connector: 2, idTag: 'OTHERCARD', meterWh: 0 });
    const running = await until(() => [...other.objects.sessions.values()].at(1), 'the session');
    const { answer } = await emsp.stopSession(String(running['id']));
    assert.equal((answer.body['data'] as Json)['result'], 'UNKNOWN_SESSION');
    await chargePoint.stopTransaction({ transactionId, meterWh: 1 });
  });
});
