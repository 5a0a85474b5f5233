import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { DomainError, type DomainErrorCode } from '../../src/domain/errors.js';
import { nextLink } from '../../ocpi-modules/paging.js';
import { versionTable } from '../../ocpi-modules/version-table.js';
import { aCdr, aLocation, anEvse, aPlace, aSession, aTariff, aToken, at } from '../support/documents.js';
import { schemas } from './schemas-2.2.1.js';
import { base64, partnerTokens, send, startServer, type HttpAnswer, type TestServer } from './support.js';

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());

const v = (path: string): string => `${server.base}/ocpi/2.2.1${path}`;
const get = (path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  send('GET', v(path), { headers });
const as = (token: string): Record<string, string> => ({ Authorization: `Token ${base64(token)}` });
const ids = (answer: HttpAnswer): string[] => (answer.body.data as { id: string }[]).map(({ id }) => id);

describe('health', () => {
  test('is 200 when ready and 503 otherwise, without a token', async () => {
    assert.equal((await fetch(`${server.base}/health`)).status, 200);
    server.setReady(false);
    assert.equal((await fetch(`${server.base}/health`)).status, 503);
    server.setReady(true);
  });
});

describe('authentication', () => {
  const statusWith = async (authorization: string | undefined): Promise<number> => {
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
    return (await fetch(`${server.base}/ocpi/versions`, { headers })).status;
  };

  test('SUBTLE 1: takes the token as base64 and as it is', async () => {
    assert.equal(await statusWith(`Token ${base64(partnerTokens.ems)}`), 200);
    assert.equal(await statusWith(`Token ${partnerTokens.ems}`), 200);
    assert.equal(await statusWith(`token ${base64(`${partnerTokens.ems}\n`)}`), 200);
  });

  test('SUBTLE 3: a missing, unknown, malformed or retired token is HTTP 401 with an OCPI body', async () => {
    for (const authorization of [
      undefined,
      'Token',
      `Bearer ${base64(partnerTokens.ems)}`,
      'Token bm9ib2R5',
      `Token ${'x'.repeat(500)}`,
      `Token ${base64(partnerTokens.old)}`,
    ]) {
      assert.equal(await statusWith(authorization), 401, authorization);
    }
    const answer = await get('/locations', as('nobody'));
    assert.equal(answer.status, 401);
    assert.equal(answer.body.status_code, 2000);
    assert.equal(answer.body.data, undefined);
  });

  test('SUBTLE 3: TOKEN_A opens versions and credentials, and nothing else', async () => {
    const invited = as(partnerTokens.new);
    assert.equal((await send('GET', `${server.base}/ocpi/versions`, { headers: invited })).status, 200);
    assert.equal((await get('', invited)).status, 200);
    assert.equal((await get('/credentials', invited)).status, 200);
    for (const module of ['locations', 'sessions', 'cdrs', 'tariffs', 'tokens/NL/EMS/1', 'commands/STOP_SESSION']) {
      assert.equal((await get(`/${module}`, invited)).status, 401, module);
    }
  });
});

describe('versions', () => {
  test('SUBTLE 14: the list is a bare array', async () => {
    const { body } = await send('GET', `${server.base}/ocpi/versions`);
    assert.deepEqual(
      body.data,
      versionTable.map(({ version }) => ({ version, url: `${server.base}/ocpi/${version}` })),
    );
    assert.ok(schemas.ResponseEnvelope.safeParse(body).success);
  });

  test('SUBTLE 11, 12: the details name each module with its role and URL', async () => {
    const { body } = await get('');
    assert.deepEqual(schemas.VersionDetails.parse(body.data), {
      version: '2.2.1',
      endpoints: [
        ['credentials', 'SENDER'],
        ['locations', 'SENDER'],
        ['sessions', 'SENDER'],
        ['cdrs', 'SENDER'],
        ['tariffs', 'SENDER'],
        ['tokens', 'RECEIVER'],
        ['commands', 'RECEIVER'],
      ].map(([identifier, role]) => ({ identifier, role, url: v(`/${identifier}`) })),
    });
  });
});

describe('headers', () => {
  test('SUBTLE 28: message ids are echoed, and made up when there are none', async () => {
    const echoed = await get('/locations', { 'X-Request-ID': 'r-1', 'X-Correlation-ID': 'c-1' });
    assert.equal(echoed.headers.get('x-request-id'), 'r-1');
    assert.equal(echoed.headers.get('x-correlation-id'), 'c-1');
    const made = await get('/locations');
    assert.match(made.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
    assert.match(made.headers.get('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(
      (await get('/locations', { ...as('nobody'), 'X-Request-ID': 'r-2' })).headers.get('x-request-id'),
      'r-2',
    );
  });

  const routing = {
    'OCPI-from-country-code': 'NL',
    'OCPI-from-party-id': 'EMS',
    'OCPI-to-country-code': 'nl',
    'OCPI-to-party-id': 'rbr',
  };

  test('SUBTLE 20, 24: routing headers swap in the answer, and compare without case', async () => {
    const { headers, body } = await get('/locations', routing);
    assert.equal(body.status_code, 1000);
    assert.equal(headers.get('ocpi-from-country-code'), 'NL');
    assert.equal(headers.get('ocpi-from-party-id'), 'RBR');
    assert.equal(headers.get('ocpi-to-country-code'), 'NL');
    assert.equal(headers.get('ocpi-to-party-id'), 'EMS');
  });

  test('SUBTLE 25: versions and credentials know no routing headers', async () => {
    for (const path of ['', '/credentials']) {
      const { headers } = await get(path, routing);
      assert.equal(headers.get('ocpi-from-party-id'), null, path);
      assert.equal(headers.get('ocpi-to-party-id'), null, path);
    }
  });

  test('SUBTLE 26: no receiver is open routing; a foreign one is refused', async () => {
    assert.equal((await get('/locations')).body.status_code, 1000);
    const foreign = await get('/locations', { ...routing, 'OCPI-to-party-id': 'XXX' });
    assert.deepEqual([foreign.status, foreign.body.status_code], [200, 2001]);
  });
});

describe('locations', () => {
  before(async () => {
    for (const [index, id] of ['L1', 'L2', 'L3', 'L4', 'L5'].entries()) {
      await server.put('location', id, aLocation({ id, last_updated: at(index * 1000) }));
      await server.clock.advance(1);
    }
    await server.put('location', 'L1', aLocation({ id: 'L1', name: 'Changed', last_updated: at(0) }));
  });

  test('SUBTLE 31, 32, 33: pages are linked, counted and oldest created first', async () => {
    const first = await get('/locations?limit=100');
    assert.deepEqual(ids(first), ['L1', 'L2']);
    assert.equal(first.headers.get('x-total-count'), '5');
    assert.equal(first.headers.get('x-limit'), '2');
    const seen = ids(first);
    let next = nextLink(first.headers.get('link') ?? undefined, v('/locations'));
    while (next !== undefined) {
      const page = await send('GET', next);
      assert.equal(page.headers.get('x-limit'), '2', 'also on a short page');
      seen.push(...ids(page));
      next = nextLink(page.headers.get('link') ?? undefined, next);
    }
    assert.deepEqual(seen, ['L1', 'L2', 'L3', 'L4', 'L5']);
  });

  test('SUBTLE 30: date_from is inclusive and date_to exclusive, and Link keeps both', async () => {
    const answer = await get(`/locations?date_from=${at(1000)}&date_to=${at(4000)}&limit=2`);
    assert.deepEqual(ids(answer), ['L2', 'L3']);
    assert.equal(answer.headers.get('x-total-count'), '3');
    const next = new URL(nextLink(answer.headers.get('link') ?? undefined, v('/locations')) ?? '');
    assert.equal(`${next.origin}${next.pathname}`, v('/locations'));
    assert.deepEqual(Object.fromEntries(next.searchParams), {
      date_from: at(1000),
      date_to: at(4000),
      offset: '2',
      limit: '2',
    });
    assert.deepEqual(ids(await send('GET', next.href)), ['L4']);
  });

  test('an offset behind the end is an empty page', async () => {
    const answer = await get('/locations?offset=50');
    assert.deepEqual(answer.body.data, []);
    assert.equal(answer.headers.get('x-total-count'), '5');
    assert.equal(answer.headers.get('link'), null);
  });

  test('SUBTLE 20: one location, EVSE and connector by ids of any case', async () => {
    const location = await get('/locations/l2');
    assert.equal(schemas.Location.parse(location.body.data).id, 'L2');
    const evse = await get('/locations/L2/rbr-utr-001-2');
    assert.equal(schemas.EVSE.parse(evse.body.data).uid, 'RBR-UTR-001-2');
    const connector = await get('/locations/L2/RBR-UTR-001-2/1');
    assert.equal(schemas.Connector.parse(connector.body.data).standard, 'IEC_62196_T2');
  });

  test('SUBTLE 13: a missing one is 404 in an envelope', async () => {
    for (const path of ['/locations/L9', '/locations/L1/none', '/locations/L1/RBR-UTR-001-1/9']) {
      const answer = await get(path);
      assert.deepEqual([answer.status, answer.body.status_code], [404, 2003], path);
    }
  });

  test('SUBTLE 43: an unpublished location is told with what says so', async () => {
    await server.put('location', 'HOME', aLocation({ id: 'HOME', publish: false, last_updated: at(90_000) }));
    const answer = await get(`/locations?date_from=${at(90_000)}`);
    assert.equal((answer.body.data as { publish: boolean }[])[0]?.publish, false);
  });
});

describe('tariffs', () => {
  test('lists what is not removed, without what 2.2.1 has no words for', async () => {
    await server.put('tariff', 'T1', { tariff: aTariff({ id: 'T1' }), removed: false });
    await server.put('tariff', 'T2', { tariff: aTariff({ id: 'T2' }), removed: true });
    const answer = await get('/tariffs');
    assert.deepEqual(ids(answer), ['T1']);
    assert.equal(answer.headers.get('x-total-count'), '1');
    assert.ok(!('tax_included' in (answer.body.data as object[])[0]!));
  });
});

describe('sessions and CDRs', () => {
  before(async () => {
    await server.put('session', 's1', aSession({ id: 's1', startKey: 's1' }));
    await server.put('session', 's2', aSession({ id: 's2', startKey: 's2', partnerId: 'other' }));
    await server.put('session', 's3', aSession({ id: 's3', startKey: 's3', partnerId: undefined, token: undefined }));
    await server.put('cdr', 'c1', aCdr({ id: 'c1' }));
    await server.put('cdr', 'c2', aCdr({ id: 'c2', partnerId: 'other' }));
  });

  test('SUBTLE 34: GET sessions needs date_from', async () => {
    const answer = await get('/sessions');
    assert.deepEqual([answer.status, answer.body.status_code], [200, 2001]);
    assert.match(answer.body.status_message ?? '', /date_from/);
  });

  test('a partner sees its own sessions and CDRs and no others', async () => {
    const sessions = await get(`/sessions?date_from=${at()}`);
    assert.deepEqual(ids(sessions), ['s1']);
    assert.equal(sessions.headers.get('x-total-count'), '1');
    assert.ok((sessions.body.data as unknown[]).every((session) => schemas.Session.safeParse(session).success));
    const cdrs = await get('/cdrs');
    assert.deepEqual(ids(cdrs), ['c1']);
    assert.equal(cdrs.headers.get('x-total-count'), '1');
    assert.deepEqual(ids(await get('/cdrs', as(partnerTokens.other))), ['c2']);
  });

  const preferences = { profile_type: 'CHEAP' };

  test('SUBTLE 52: an EVSE without the capability takes no charging preferences: HTTP 404 with 2001', async () => {
    await server.put('location', 'UTR-001', aLocation({ last_updated: at(-60_000) }));
    const answer = await send('PUT', v('/sessions/S1/charging_preferences'), { body: preferences });
    assert.deepEqual([answer.status, answer.body.status_code], [404, 2001]);
  });

  test('an EVSE with the capability can meet no wish yet', async () => {
    const evses = [anEvse({ capabilities: ['CHARGING_PREFERENCES_CAPABLE'] })];
    await server.put('location', 'UTR-001', aLocation({ evses, last_updated: at(-60_000) }));
    assert.equal(aPlace().evse.uid, evses[0]?.uid);
    const answer = await send('PUT', v('/sessions/s1/charging_preferences'), { body: preferences });
    assert.deepEqual([answer.status, answer.body.data], [200, 'NOT_POSSIBLE']);
    const bad = await send('PUT', v('/sessions/s1/charging_preferences'), { body: { profile_type: 'NICE' } });
    assert.deepEqual([bad.status, bad.body.status_code], [200, 2001]);
  });

  test('preferences for the session of another partner are 404', async () => {
    const answer = await send('PUT', v('/sessions/s2/charging_preferences'), { body: preferences });
    assert.deepEqual([answer.status, answer.body.status_code], [404, 2000]);
  });
});

describe('tokens', () => {
  beforeEach(() => server.tokens.clear());
  const token = aToken({ uid: 'CARD1' });

  test('SUBTLE 13: PUT of a new token is 201, of a known one 200, without data', async () => {
    const url = v('/tokens/NL/EMS/CARD1?type=RFID');
    const created = await send('PUT', url, { body: token });
    assert.deepEqual([created.status, created.body.status_code, created.body.data], [201, 1000, undefined]);
    assert.equal((await send('PUT', url, { body: token })).status, 200);
    assert.deepEqual((await send('GET', url)).body.data, token);
  });

  test('SUBTLE 18: unknown fields are no fault', async () => {
    const body = { ...token, vendor_extension: { a: 1 } };
    assert.equal((await send('PUT', v('/tokens/NL/EMS/CARD1'), { body })).status, 201);
  });

  test('SUBTLE 23: null is as good as absent', async () => {
    const body = { ...token, visual_number: null, group_id: null };
    assert.equal((await send('PUT', v('/tokens/NL/EMS/CARD1'), { body })).status, 201);
    assert.equal([...server.tokens.values()][0]?.visual_number, undefined);
  });

  test('SUBTLE 69: the type completes the key; an APP_USER token may be pushed without it in the URL', async () => {
    const body = { ...token, type: 'APP_USER' };
    assert.equal((await send('PUT', v('/tokens/NL/EMS/CARD1?type=APP_USER'), { body })).status, 201);
    assert.equal((await send('GET', v('/tokens/NL/EMS/CARD1'))).status, 404, 'RFID is meant');
    assert.equal((await send('GET', v('/tokens/nl/ems/card1?type=APP_USER'))).status, 200);
    assert.equal((await send('PUT', v('/tokens/NL/EMS/CARD1'), { body })).status, 200);
  });

  test('SUBTLE 16: other ids in the URL than in the body are 2001', async () => {
    for (const path of ['NL/EMS/OTHER', 'NL/XXX/CARD1', 'DE/EMS/CARD1', 'NL/EMS/CARD1?type=OTHER']) {
      const answer = await send('PUT', v(`/tokens/${path}`), { body: token });
      assert.deepEqual([answer.status, answer.body.status_code], [200, 2001], path);
    }
    assert.equal(server.tokens.size, 0);
  });

  test('SUBTLE 39: PATCH sets what it names, and needs last_updated', async () => {
    await send('PUT', v('/tokens/NL/EMS/CARD1'), { body: token });
    const patch = { valid: false, visual_number: null, last_updated: '2024-05-02T00:00:00Z' };
    assert.equal((await send('PATCH', v('/tokens/NL/EMS/CARD1'), { body: patch })).body.status_code, 1000);
    assert.deepEqual(
      [...server.tokens.values()],
      [{ ...token, valid: false, last_updated: '2024-05-02T00:00:00.000Z' }],
    );
    const without = await send('PATCH', v('/tokens/NL/EMS/CARD1'), { body: { valid: true } });
    assert.deepEqual([without.status, without.body.status_code], [200, 2001]);
    assert.equal([...server.tokens.values()][0]?.valid, false);
  });

  test('SUBTLE 13, 70: GET and PATCH of an unknown token are 404', async () => {
    assert.equal((await send('GET', v('/tokens/NL/EMS/NONE'))).status, 404);
    const patch = { valid: false, last_updated: at() };
    const answer = await send('PATCH', v('/tokens/NL/EMS/NONE'), { body: patch });
    assert.deepEqual([answer.status, answer.body.status_code], [404, 2004]);
  });
});

describe('commands', () => {
  const response_url = 'https://emsp.example/ocpi/2.2.1/commands/x';
  const command = (name: string, body: object): Promise<HttpAnswer> =>
    send('POST', v(`/commands/${name}`), { body: { response_url, ...body } });
  const start = { token: aToken(), location_id: 'UTR-001', evse_uid: 'RBR-UTR-001-1' };

  test('SUBTLE 76: an accepted command is answered at once, with its timeout', async () => {
    const answer = await command('START_SESSION', { ...start, authorization_reference: 'A-1' });
    assert.deepEqual(answer.body.data, { result: 'ACCEPTED', timeout: 30 });
    assert.deepEqual(server.asked.at(-1), {
      what: 'startSession',
      partner: 'ems',
      details: {
        responseUrl: response_url,
        token: aToken(),
        locationId: 'UTR-001',
        evseUid: 'RBR-UTR-001-1',
        connectorId: undefined,
        authorizationReference: 'A-1',
      },
    });
    await command('STOP_SESSION', { session_id: 's1' });
    assert.deepEqual(server.asked.at(-1)?.details, { responseUrl: response_url, sessionId: 's1' });
    await command('UNLOCK_CONNECTOR', { location_id: 'L', evse_uid: 'E', connector_id: '1' });
    assert.equal(server.asked.at(-1)?.what, 'unlockConnector');
  });

  test('SUBTLE 77: an unknown location is 2003 with REJECTED', async () => {
    for (const code of ['unknown-location', 'unknown-evse'] as const) {
      server.failNext(new DomainError(code, 'no such place'));
      const answer = await command('START_SESSION', start);
      assert.deepEqual([answer.status, answer.body.status_code], [200, 2003]);
      assert.equal(schemas.CommandResponse.parse(answer.body.data).result, 'REJECTED');
    }
  });

  test('reservations come to the use case in our words', async () => {
    const reserve = { ...start, expiry_date: at(60_000), reservation_id: 'R1' };
    assert.equal((await command('RESERVE_NOW', reserve)).status, 200);
    const { details } = server.asked.at(-1) ?? {};
    assert.deepEqual(
      [(details as { reservationId: string }).reservationId, (details as { expiresAt: string }).expiresAt],
      ['R1', at(60_000)],
    );
    await command('CANCEL_RESERVATION', { reservation_id: 'R1' });
    assert.deepEqual(server.asked.at(-1)?.details, { responseUrl: response_url, reservationId: 'R1' });
  });

  test('a response_url on a host that is not the partner’s is refused', async () => {
    const answer = await command('START_SESSION', { ...start, response_url: 'https://elsewhere.example/x' });
    assert.deepEqual([answer.status, answer.body.status_code], [200, 2001]);
  });
});

describe('credentials', () => {
  const theirs = {
    token: 'token-b',
    url: 'https://emsp.example/ocpi/versions',
    roles: [{ role: 'EMSP', country_code: 'NL', party_id: 'EMS', business_details: { name: 'Example eMSP' } }],
  };

  test('GET gives ours with the token that the caller used', async () => {
    const { data } = (await get('/credentials')).body;
    const ours = schemas.Credentials.parse(data);
    assert.equal(ours.token, partnerTokens.ems);
    assert.deepEqual(
      ours.roles.map(({ role, party_id }) => [role, party_id]),
      [['CPO', 'RBR']],
    );
  });

  test('POST registers in the version of the URL, PUT updates, DELETE unregisters', async () => {
    const posted = await send('POST', v('/credentials'), { body: theirs, headers: as(partnerTokens.new) });
    assert.equal(schemas.Credentials.parse(posted.body.data).token, 'token-c');
    assert.deepEqual(server.asked.at(-1), {
      what: 'register',
      partner: 'new',
      details: {
        version: '2.2.1',
        theirs: {
          token: 'token-b',
          versionsUrl: theirs.url,
          roles: [{ role: 'EMSP', countryCode: 'NL', partyId: 'EMS', businessDetails: { name: 'Example eMSP' } }],
        },
      },
    });
    const put = await send('PUT', v('/credentials'), { body: theirs });
    assert.equal(schemas.Credentials.parse(put.body.data).token, 'token-d');
    assert.equal((await send('DELETE', v('/credentials'))).body.status_code, 1000);
    assert.equal(server.asked.at(-1)?.what, 'unregister');
  });

  test('a website or logo that is wrong keeps no one out', async () => {
    const [role] = theirs.roles;
    const business_details = { name: 'E', website: '', logo: { url: 'logo.png' } };
    const answer = await send('PUT', v('/credentials'), {
      body: { ...theirs, roles: [{ ...role, business_details }] },
    });
    assert.equal(answer.body.status_code, 1000);
  });

  const outcomes: [DomainErrorCode, Record<string, unknown>, number, number][] = [
    ['already-registered', {}, 405, 2000],
    ['not-registered', {}, 405, 2000],
    ['partner-unreachable', {}, 200, 3001],
    ['partner-refused', {}, 200, 3001],
    ['not-supported', {}, 200, 3002],
    ['invalid-input', { missingEndpoint: 'credentials' }, 200, 3003],
    ['invalid-input', {}, 200, 2001],
  ];
  for (const [code, details, http, ocpi] of outcomes) {
    test(`SUBTLE 5, 6: ${code} ${JSON.stringify(details)} is HTTP ${http} with ${ocpi}`, async () => {
      server.failNext(new DomainError(code, 'no', details));
      const answer = await send('POST', v('/credentials'), { body: theirs });
      assert.deepEqual([answer.status, answer.body.status_code], [http, ocpi]);
    });
  }

  test('SUBTLE 13, 15: a failure of ours is 3000 in an HTTP 200, and keeps its reason to itself', async () => {
    server.failNext(new Error('the disk is on fire'));
    const answer = await send('POST', v('/credentials'), { body: theirs });
    assert.deepEqual([answer.status, answer.body.status_code], [200, 3000]);
    assert.doesNotMatch(JSON.stringify(answer.body), /fire/);
  });
});
