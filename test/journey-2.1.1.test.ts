import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { SimulatedChargePoint } from '../src/demo/charge-point.js';
import { createLogger, startBridge, type Bridge } from '../src/main.js';
import { schemas } from './ocpi/schemas-2.1.1.js';
import {
  chargePointAt,
  newDataDir,
  operatorOf,
  testConfig,
  testSite,
  until,
  type Json,
  type Operator,
} from './support/bridge.js';
import { createOldEmsp, type OldEmsp } from './support/emsp-2.1.1.js';

const CARD = 'OldCard01';
const startedAt = Date.now() - 3_600_000;
const minute = (number: number): Date => new Date(startedAt + number * 60_000);

/** Headers that came after 2.1.1. */
const later = (headers: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(headers).filter((name) => /^(ocpi-|x-request-id|x-correlation-id)/i.test(name));

describe('a partner that speaks OCPI 2.1.1', () => {
  const dataDir = newDataDir();
  let bridge: Bridge;
  let operator: Operator;
  let emsp: OldEmsp;
  let chargePoint: SimulatedChargePoint;
  let transactionId: number;

  const kept = (module: string): [string, Json][] => [...emsp.objects].filter(([path]) => path.startsWith(module));
  const session = (): Json | undefined => kept('sessions/').at(-1)?.[1];
  const tokenPath = (uid: string): string => `/NL/OLD/${uid}`;
  /** The newest that it was told: of the EVSE by itself, or with its location. */
  const statusOf = (uid: string): unknown => {
    const { evses = [] } = (emsp.objects.get('locations/NL/RBR/LOC1') ?? {}) as { evses?: readonly Json[] };
    const whole = evses.find((each) => each['uid'] === uid);
    return (emsp.objects.get(`locations/NL/RBR/LOC1/${uid}`) ?? whole)?.['status'];
  };

  before(async () => {
    const config = testConfig(dataDir);
    bridge = await startBridge(config, createLogger(config));
    operator = operatorOf(bridge.operatorPort, bridge.operatorKey);
    const [location] = testSite().locations;
    await operator(
      'POST',
      '/api/import',
      testSite({ locations: [location, { ...location, id: 'HIDDEN', publish: false, evses: [] }] }),
    );
    emsp = await createOldEmsp();
    emsp.setToken({ uid: CARD });
    const { data } = await operator('POST', '/api/partners/invite', { name: 'Old eMSP' });
    const { versionsUrl, tokenA } = data as { versionsUrl: string; tokenA: string };
    await emsp.registerAt(versionsUrl, tokenA);
    chargePoint = chargePointAt(bridge.ocppPort);
  });
  after(async () => {
    await chargePoint.disconnect();
    await bridge.stop();
    await emsp.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('gets credentials of one party', () => {
    const { token, url, ...ours } = schemas.Credentials.parse(emsp.theirs);
    assert.ok(token.length > 20);
    assert.equal(url, bridge.versionsUrl);
    assert.deepEqual([ours.country_code, ours.party_id], ['NL', 'RBR']);
    assert.equal('roles' in (emsp.theirs ?? {}), false);
  });

  it('gets what is published, and nothing that it can’t be told of', async () => {
    await until(() => kept('locations/').length === 1 && kept('tariffs/').length === 1, 'the site');
    schemas.Location.parse(emsp.objects.get('locations/NL/RBR/LOC1'));
    const tariff = schemas.Tariff.parse(emsp.objects.get('tariffs/NL/RBR/T1'));
    assert.equal(tariff.elements[0]?.price_components.length, 3);
    const listed = await emsp.call('GET', 'locations', '');
    assert.deepEqual(
      (listed.body['data'] as readonly Json[]).map(({ id }) => id),
      ['LOC1'],
    );
    assert.deepEqual(later(listed.headers), []);
    assert.equal((await emsp.call('GET', 'locations', '/HIDDEN')).http, 404);
    schemas.Connector.parse((await emsp.call('GET', 'locations', '/LOC1/E1/1')).body['data']);
    const { data } = await operator('GET', '/api/deliveries');
    assert.deepEqual((data as Json)['deliveries'], [], 'the hidden location waits for nobody');
  });

  it('has its tokens fetched, as those of its one party', async () => {
    const tokens = await until(async () => {
      const { data } = await operator('GET', '/api/tokens');
      return (data as readonly Json[]).length === 1 && (data as readonly Json[]);
    }, 'the token');
    assert.equal(tokens[0]?.['uid'], CARD);
  });

  it('pushes tokens of any type, whose type is not in the URL', async () => {
    const token = emsp.setToken({ uid: 'App-1', type: 'OTHER' });
    assert.equal((await emsp.call('PUT', 'tokens', tokenPath('App-1'), token)).http, 201);
    assert.equal((await emsp.call('PATCH', 'tokens', tokenPath('App-1'), { valid: false })).body['status_code'], 1000);
    const { last_updated, ...read } = schemas.Token.parse(
      (await emsp.call('GET', 'tokens', tokenPath('App-1'))).body['data'],
    );
    const { last_updated: before, ...sent } = token;
    assert.ok(last_updated > String(before), 'the PATCH had no time of its own');
    assert.deepEqual(read, { ...sent, valid: false });
  });

  it('has uids whose case counts, and an unknown one is 404 without a code of later versions', async () => {
    for (const uid of ['app-1', 'NOBODY']) {
      const { http, body, headers } = await emsp.call('GET', 'tokens', tokenPath(uid));
      assert.deepEqual([http, body['status_code'], later(headers)], [404, 2001, []]);
    }
    const other = { ...emsp.setToken({ uid: 'App-2' }), uid: 'APP-2' };
    assert.equal((await emsp.call('PUT', 'tokens', tokenPath('App-2'), other)).body['status_code'], 2001);
  });

  it('is asked about a token in its own spelling', async () => {
    await chargePoint.connect();
    await chargePoint.boot();
    await chargePoint.status(1, 'Available');
    await chargePoint.status(2, 'Available');
    await until(() => statusOf('E1') === 'AVAILABLE', 'E1 AVAILABLE');
    assert.equal(await chargePoint.authorize(CARD.toUpperCase()), 'Accepted');
    const asked = emsp.requests.find(({ path }) => path.endsWith(`/tokens/${CARD}/authorize?type=RFID`));
    assert.deepEqual(asked?.body, { location_id: 'LOC1', evse_uids: ['E1', 'E2'] });
    assert.equal(await chargePoint.authorize('STRANGER'), 'Invalid');
  });

  it('gets the session with its place, and as it grows', async () => {
    const start = await chargePoint.startTransaction({ connector: 1, idTag: CARD, meterWh: 1_000, at: minute(0) });
    assert.equal(start.status, 'Accepted');
    transactionId = start.transactionId;
    await chargePoint.status(1, 'Charging');
    await until(() => session(), 'a session');
    const { location, auth_id, auth_method } = schemas.Session.parse(session());
    assert.deepEqual([auth_id, auth_method], [`NL-OLD-${CARD}`, 'AUTH_REQUEST']);
    assert.deepEqual([location.id, location.evses?.map(({ uid }) => uid)], ['LOC1', ['E1']]);
    assert.equal(location.evses?.[0]?.connectors[0]?.voltage, 230);
    await chargePoint.meterValues({ connector: 1, transactionId, meterWh: 3_000, at: minute(15) });
    await until(() => session()?.['kwh'] === 2, '2 kWh');
    assert.equal(session()?.['total_cost'], 1.2);
  });

  it('stops it by command, and is told of the result in the words of 2.1.1', async () => {
    const stopped = new Promise<Json>((resolve) =>
      chargePoint.on('RemoteStopTransaction', (payload) => {
        resolve(payload);
        return { status: 'Accepted' };
      }),
    );
    const { answer, resultPath } = await emsp.command('STOP_SESSION', { session_id: session()?.['id'] });
    assert.deepEqual(answer.body['data'], { result: 'ACCEPTED' });
    assert.deepEqual(await stopped, { transactionId });
    assert.deepEqual((await emsp.waitFor(({ path }) => path === resultPath, 5000)).body, { result: 'ACCEPTED' });
    await chargePoint.stopTransaction({ transactionId, meterWh: 4_000, reason: 'Remote', at: minute(30) });
    await until(() => session()?.['status'] === 'COMPLETED', 'a COMPLETED session');
  });

  it('gets the CDR once, with its tariff and place', async () => {
    await until(() => kept('cdrs/').length === 1, 'a CDR');
    const cdr = schemas.CDR.parse(kept('cdrs/')[0]?.[1]);
    assert.deepEqual([cdr.id, cdr.total_energy, cdr.total_cost], [session()?.['id'], 3, 1.55]);
    assert.equal(cdr.tariffs?.[0]?.id, 'T1');
    assert.equal(cdr.location.evses?.[0]?.status, 'CHARGING');
    const listed = await emsp.call('GET', 'cdrs', '');
    assert.deepEqual(schemas.CDR.parse((listed.body['data'] as readonly Json[])[0]), cdr);
  });

  it('starts a charge by command, with a token that names no party', async () => {
    const token = emsp.setToken({ uid: 'App-3', type: 'OTHER' });
    const asked = new Promise<Json>((resolve) =>
      chargePoint.on('RemoteStartTransaction', (payload) => {
        resolve(payload);
        return { status: 'Accepted' };
      }),
    );
    const { resultPath } = await emsp.command('START_SESSION', { token, location_id: 'LOC1', evse_uid: 'E2' });
    const { idTag } = await asked;
    assert.deepEqual((await emsp.waitFor(({ path }) => path === resultPath, 5000)).body, { result: 'ACCEPTED' });
    const start = await chargePoint.startTransaction({ connector: 2, idTag: String(idTag), meterWh: 0 });
    await until(() => session()?.['auth_id'] === 'NL-OLD-App-3', 'the session of the command');
    assert.equal(session()?.['auth_method'], 'AUTH_REQUEST');
    await chargePoint.stopTransaction({ transactionId: start.transactionId, meterWh: 10 });
  });

  it('has commands of its version only, and 2003 for a place that is not there', async () => {
    const { answer } = await emsp.command('CANCEL_RESERVATION', { reservation_id: '1' });
    assert.equal(answer.http, 404);
    const nowhere = await emsp.command('START_SESSION', { token: emsp.setToken({ uid: 'X' }), location_id: 'NOWHERE' });
    assert.equal(nowhere.answer.body['status_code'], 2003);
    assert.deepEqual(nowhere.answer.body['data'], { result: 'REJECTED' });
    const preferences = await emsp.call('PUT', 'sessions', '/1/charging_preferences', { profile_type: 'FAST' });
    assert.equal(preferences.http, 404);
  });

  it('never saw a header of later versions, nor a token in base64', () => {
    const known = emsp.requests.filter(({ path }) => !path.endsWith('/versions'));
    assert.ok(known.length > 10);
    for (const { path, headers } of known) assert.deepEqual(later(headers), [], path);
  });

  it('ends the registration, and is registered the other way round with its TOKEN_A', async () => {
    assert.equal((await emsp.call('DELETE', 'credentials', '')).http, 200);
    const other = await createOldEmsp();
    const { status, data } = await operator('POST', '/api/partners/register', {
      name: 'Old eMSP, their way round',
      versionsUrl: other.versionsUrl,
      token: other.tokenA,
    });
    assert.deepEqual([status, (data as Json)['status']], [201, 'registered']);
    await until(() => other.objects.has('locations/NL/RBR/LOC1'), 'the location');
    assert.equal((await other.call('GET', 'tariffs', '')).http, 200);
    await operator('DELETE', `/api/partners/${String((data as Json)['id'])}`);
    await other.close();
  });
});
