import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createHandshake } from '../../ocpi-modules/handshake.js';
import { createPartnerLink } from '../../ocpi-modules/partner-link.js';
import { createSimulatedEmsp, type SimulatedEmsp } from '../../src/demo/emsp.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Partner, PartnerConnection } from '../../src/domain/partner.js';
import type { Credentials, Handshake, PartnerLink } from '../../src/ports.js';
import { aCdr, aLocation, anEvse, aPartner, aSession, aTariff, at } from '../support/documents.js';
import { createFakeClock } from '../support/fake-clock.js';
import { base64, logger, party, startScripted, startServer } from './support.js';

const vault = { seal: (secret: string) => secret, open: (sealed: string) => sealed };
const options = {
  timeoutMs: 5_000,
  maxBodyBytes: 100_000,
  urlPolicy: { allowPrivateNetworks: true },
  pageSize: 2,
  maxPages: 10,
};
const refusedAs = (code: string) => (error: unknown) =>
  error instanceof DomainError && error.code === code ? true : assert.fail(String(error));

describe('discovery', () => {
  const handshake = createHandshake({ vault, logger, options });
  /** Runs a discovery at a partner whose answers are given by path. */
  async function discover(
    answers: (url: string) => Record<string, unknown>,
    version?: string,
    tokenOk: (authorization: string) => boolean = () => true,
  ): ReturnType<Handshake['discover']> {
    const server = await startScripted((request, response) => {
      const data = answers(server.url)[request.url ?? ''];
      const http = !tokenOk(request.headers.authorization ?? '') ? 401 : data === undefined ? 404 : 200;
      const body = { ...(http === 200 && { data }), status_code: http === 200 ? 1000 : 2000, timestamp: at() };
      response.writeHead(http).end(JSON.stringify(body));
    });
    try {
      return await handshake.discover(`${server.url}/versions`, 'tok', version);
    } finally {
      await server.close();
    }
  }

  const endpoint = (url: string, identifier: string, role = 'RECEIVER') => ({ identifier, role, url });
  const usual = (url: string) => ({
    '/versions': [
      { version: '2.2.1', url: `${url}/221` },
      { version: '2.3.0', url: `${url}/230` },
      { version: '2.1.1', url: `${url}/211` },
      { version: '3.0', url: `${url}/3` },
      { version: 42 },
    ],
    '/230': {
      version: '2.3.0',
      endpoints: [
        endpoint(`${url}/c`, 'credentials'),
        endpoint(`${url}/l`, 'locations'),
        endpoint(`${url}/x`, 'x-own'),
      ],
    },
    '/221': { version: '2.2.1', endpoints: [endpoint(`${url}/c`, 'credentials')] },
  });

  test('takes the highest version in common, and keeps all endpoints', async () => {
    const found = await discover(usual);
    assert.deepEqual(
      [found.version, found.tokenEncoding, found.endpoints.map(({ identifier }) => identifier)],
      ['2.3.0', 'base64', ['credentials', 'locations', 'x-own']],
    );
  });

  test('takes the version wanted, also when there is a higher one', async () => {
    const found = await discover(usual, '2.2.1');
    assert.deepEqual([found.version, found.endpoints.map(({ identifier }) => identifier)], ['2.2.1', ['credentials']]);
  });

  test('SUBTLE 1: a partner that reads the token raw is remembered as such', async () => {
    const found = await discover(usual, undefined, (authorization) => authorization === 'Token tok');
    assert.equal(found.tokenEncoding, 'raw');
    const strict = await discover(usual, undefined, (authorization) => authorization === `Token ${base64('tok')}`);
    assert.equal(strict.tokenEncoding, 'base64');
  });

  test('a token that is not taken either way is partner-refused', async () => {
    await assert.rejects(
      discover(usual, undefined, () => false),
      refusedAs('partner-refused'),
    );
  });

  test('SUBTLE 5: no version in common, or not the one wanted, is not-supported', async () => {
    await assert.rejects(
      discover((url) => ({ '/versions': [{ version: '2.0', url }] })),
      refusedAs('not-supported'),
    );
    await assert.rejects(discover(usual, '2.0'), refusedAs('not-supported'));
    await assert.rejects(
      discover(() => ({ '/versions': [] })),
      refusedAs('not-supported'),
    );
  });

  test('SUBTLE 5: no credentials endpoint is invalid-input that says so', async () => {
    const without = (url: string) => ({
      ...usual(url),
      '/230': { version: '2.3.0', endpoints: [endpoint(`${url}/l`, 'locations')] },
    });
    await assert.rejects(
      discover(without),
      (error) =>
        refusedAs('invalid-input')(error) && (error as DomainError).details['missingEndpoint'] === 'credentials',
    );
  });

  test('answers that make no sense are partner-unreachable', async () => {
    for (const nonsense of [
      () => ({ '/versions': { versions: [] } }),
      (url: string) => ({ ...usual(url), '/230': { version: '2.3.0', endpoints: [{ identifier: 'credentials' }] } }),
      (url: string) => ({ ...usual(url), '/230': 'nothing' }),
    ]) {
      await assert.rejects(discover(nonsense), refusedAs('partner-unreachable'));
    }
  });

  test('an endpoint that may not be called is invalid-input', async () => {
    const file = (url: string) => ({
      ...usual(url),
      '/230': { version: '2.3.0', endpoints: [endpoint(`${url}/c`, 'credentials'), endpoint('file:///x', 'cdrs')] },
    });
    await assert.rejects(discover(file), refusedAs('invalid-input'));
    const guarded = createHandshake({
      vault,
      logger,
      options: { ...options, urlPolicy: { allowPrivateNetworks: false } },
    });
    await assert.rejects(guarded.discover('https://192.168.0.1/versions', 'tok'), refusedAs('invalid-input'));
  });
});

describe('with an eMSP over real HTTP', () => {
  let emsp: SimulatedEmsp;
  let partner: Partner;
  let connection: PartnerConnection;
  let ours: Credentials;
  const handshake = createHandshake({ vault, logger, options });
  const link: PartnerLink = createPartnerLink({ vault, clock: createFakeClock(), logger, party, options });
  let cpo: Awaited<ReturnType<typeof startServer>>;

  before(async () => {
    emsp = await createSimulatedEmsp({
      pageSize: 2,
      verdictOf: ({ uid }) => (uid === 'POOR' ? { allowed: 'NO_CREDIT' } : undefined),
    });
    cpo = await startServer({ maxPageSize: 100 });
    ours = {
      token: 'token-of-ems',
      versionsUrl: `${cpo.base}/ocpi/versions`,
      roles: [{ role: 'CPO', ...party, businessDetails: { name: 'Roambridge operator' } }],
    };
    const found = await handshake.discover(emsp.versionsUrl, emsp.tokenA);
    const theirs = await handshake.post(found, emsp.tokenA, ours);
    connection = { ...found, versionsUrl: theirs.versionsUrl, sealedToken: theirs.token, roles: theirs.roles };
    partner = aPartner({ connection });
  });
  afterEach(() => emsp.setFaults(undefined));
  after(async () => {
    await emsp.close();
    await cpo.close();
  });

  const location = aLocation();
  const key = 'NL/RBR/UTR-001';

  test('SUBTLE 4: it called back with our token before it gave its own', () => {
    assert.equal(emsp.peer?.token, 'token-of-ems');
    assert.equal(emsp.peer.endpoints.length, 7);
    assert.notEqual(connection.sealedToken, emsp.tokenA);
    assert.deepEqual(connection.roles, [
      { role: 'EMSP', countryCode: 'NL', partyId: 'EMS', businessDetails: { name: 'Simulated eMSP' } },
    ]);
  });

  test('SUBTLE 38: a location is put, then a status patched', async () => {
    assert.deepEqual(await link.putLocation(partner, location), { result: 'delivered' });
    const evses = [anEvse({ status: 'CHARGING', last_updated: at(1000) }), ...(location.evses?.slice(1) ?? [])];
    const charging = aLocation({ evses, last_updated: at(1000) });
    assert.deepEqual(await link.patchEvseStatus(partner, charging, 'RBR-UTR-001-1'), { result: 'delivered' });
    assert.deepEqual(emsp.objects.locations.get(key), JSON.parse(JSON.stringify(charging)));
  });

  test('a status of a location that it lacks is a refusal that says missing', async () => {
    const other = aLocation({ id: 'OTHER' });
    const result = await link.patchEvseStatus(partner, other, 'RBR-UTR-001-1');
    assert.ok(result.result === 'refused' && result.missing);
  });

  test('tariffs come and go, sessions grow', async () => {
    await link.putTariff(partner, aTariff());
    assert.equal(emsp.objects.tariffs.size, 1);
    assert.deepEqual(await link.deleteTariff(partner, aTariff()), { result: 'delivered' });
    assert.equal(emsp.objects.tariffs.size, 0);

    await link.putSession(partner, aSession({ id: 's1' }));
    await link.patchSession(partner, aSession({ id: 's1', energyWh: 5_000, lastUpdated: at(60_000) }));
    const session = emsp.objects.sessions.get('NL/RBR/S1');
    assert.deepEqual([session?.['kwh'], (session?.['charging_periods'] as unknown[]).length], [5, 1]);
  });

  test('SUBTLE 53: a CDR is found again after its answer was lost, and is not doubled', async () => {
    const cdr = aCdr({ id: 'lost-1' });
    assert.equal(await link.hasCdr(partner, 'lost-1'), false);
    emsp.setFaults(({ method }) => (method === 'POST' ? { kind: 'reset', processed: true } : undefined));
    assert.equal((await link.postCdr(partner, cdr)).result, 'unclear');
    emsp.setFaults(undefined);
    assert.equal(await link.hasCdr(partner, 'LOST-1'), true);
    const again = await link.postCdr(partner, cdr);
    assert.equal(again.result, 'delivered');
    assert.equal(emsp.objects.cdrs.length, 1);
    const next = await link.postCdr(partner, aCdr({ id: 'cdr-2' }));
    assert.ok(next.result === 'delivered' && next.url?.endsWith('/cdrs/cdr-2'));
  });

  test('faults are as they are set', async () => {
    emsp.setFaults(() => ({ kind: 'answer', http: 429, headers: { 'Retry-After': '3' } }));
    const busy = await link.putLocation(partner, location);
    assert.ok(busy.result === 'unavailable' && busy.retryAfterMs === 3_000);
    emsp.setFaults(() => ({ kind: 'hang' }));
    const hasty = createPartnerLink({
      vault,
      clock: createFakeClock(),
      logger,
      party,
      options: { ...options, timeoutMs: 100 },
    });
    assert.equal((await hasty.putLocation(partner, location)).result, 'unclear');
  });

  test('all its tokens are pulled, page by page, and new ones by their time', async () => {
    for (const uid of ['A', 'B', 'C', 'D', 'POOR']) emsp.setToken({ uid, last_updated: at() });
    emsp.setToken({ uid: 'BROKEN', valid: 'perhaps', last_updated: at() });
    emsp.setToken({ uid: 'NEW', last_updated: at(60_000) });
    const pull = async (since: ReturnType<typeof at> | undefined) => {
      const uids: string[] = [];
      let invalid = 0;
      for await (const page of link.pullTokens(partner, since)) {
        uids.push(...page.tokens.map(({ uid }) => uid));
        invalid += page.invalid;
      }
      return { uids, invalid };
    };
    assert.deepEqual(await pull(undefined), { uids: ['A', 'B', 'C', 'D', 'POOR', 'NEW'], invalid: 1 });
    assert.deepEqual(await pull(at(60_000)), { uids: ['NEW'], invalid: 0 });
  });

  test('SUBTLE 70, 71: verdicts in real time', async () => {
    const ask = (uid: string) =>
      link.authorize(partner, { uid, type: 'RFID', locationId: 'UTR-001', timeoutMs: 5_000 });
    const allowed = await ask('A');
    assert.ok(allowed.kind === 'verdict' && allowed.allowed === 'ALLOWED' && allowed.authorizationReference);
    const poor = await ask('POOR');
    assert.ok(poor.kind === 'verdict' && poor.allowed === 'NO_CREDIT');
    assert.deepEqual(await ask('NOBODY'), { kind: 'unknown-token' });
  });

  test('it pushes tokens, reads our lists and sends commands, whose results arrive', async () => {
    assert.equal((await emsp.pushToken('A')).http, 201);
    assert.equal(cpo.tokens.size, 1);
    await cpo.put('location', 'UTR-001', location);
    const list = await emsp.call('GET', 'locations', '?limit=5');
    assert.equal((list.body['data'] as unknown[]).length, 1);
    const unknown = await emsp.call('GET', 'locations', '/nowhere');
    assert.equal(unknown.http, 404);

    // the fake registration at our server knows another host for this partner's response URLs
    const responseUrl = emsp.versionsUrl.replace('/versions', '/2.2.1/commands/START_SESSION/1');
    await link.postCommandResult(partner, responseUrl, 'ACCEPTED');
    const posted = await emsp.waitFor(({ path }) => path.endsWith('/commands/START_SESSION/1'), 1_000);
    assert.deepEqual(posted.body, { result: 'ACCEPTED' });
    const sent = await emsp.stopSession('s1');
    assert.equal(sent.answer.body['status_code'], 2001, 'response_url on a host that the fake partner does not have');
  });

  test('SUBTLE 7: PUT gives a new token, and the old one is dead', async () => {
    const theirs = await handshake.put(connection, ours);
    assert.notEqual(theirs.token, connection.sealedToken);
    await assert.rejects(handshake.put(connection, ours), refusedAs('partner-refused'));
    connection = { ...connection, sealedToken: theirs.token };
    assert.deepEqual(await link.putLocation(aPartner({ connection }), location), { result: 'delivered' });
  });

  test('SUBTLE 8: DELETE ends it', async () => {
    await handshake.delete(connection);
    assert.equal(emsp.peer, undefined);
    await assert.rejects(handshake.delete(connection), refusedAs('partner-refused'));
  });

  test('the eMSP registers the other way round, with our TOKEN_A', async () => {
    await emsp.registerAt(`${cpo.base}/ocpi/versions`, 'token-a-of-new');
    assert.equal(emsp.peer?.token, 'token-c');
    assert.equal(cpo.asked.at(-1)?.what, 'register');
  });
});
