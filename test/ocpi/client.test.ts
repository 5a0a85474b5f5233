import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createPartnerLink } from '../../ocpi-modules/partner-link.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Partner } from '../../src/domain/partner.js';
import type { PartnerLink, PushResult, TokenPage } from '../../src/ports.js';
import { aCdr, aConnector, aLocation, anEvse, aPartner, aSession, aTariff, aToken, at } from '../support/documents.js';
import { createFakeClock } from '../support/fake-clock.js';
import { schemas } from './schemas-2.2.1.js';
import { base64, logger, party, startScripted } from './support.js';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

let handle: Handler;
const seen: Seen[] = [];
let server: { url: string; close(): Promise<void> };
let link: PartnerLink;
const clock = createFakeClock();
const TIMEOUT_MS = 150;

const linkWith = (options: { timeoutMs?: number; maxBodyBytes?: number; maxPages?: number } = {}): PartnerLink =>
  createPartnerLink({
    vault: { seal: (secret) => secret, open: (sealed) => `open-${sealed}` },
    clock,
    logger,
    party,
    options: {
      timeoutMs: 5_000,
      maxBodyBytes: 10_000,
      urlPolicy: { allowPrivateNetworks: true },
      pageSize: 2,
      maxPages: 5,
      ...options,
    },
  });

before(async () => {
  server = await startScripted((request, response, body) => {
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: body === '' ? undefined : JSON.parse(body),
    });
    handle(request, response, body);
  });
  link = linkWith();
});
after(() => server.close());

const modules = ['credentials', 'locations', 'tariffs', 'sessions', 'cdrs', 'tokens', 'commands'];

function partner(overrides: Partial<NonNullable<Partner['connection']>> = {}): Partner {
  const connection = aPartner().connection!;
  return aPartner({
    connection: {
      ...connection,
      versionsUrl: `${server.url}/versions`,
      endpoints: modules.map((identifier) => ({
        identifier,
        role: identifier === 'tokens' ? ('SENDER' as const) : ('RECEIVER' as const),
        url: `${server.url}/ocpi/${identifier}/`,
      })),
      ...overrides,
    },
  });
}

const json =
  (http: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(http, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
const ocpi = (http: number, code: number, extra: object = {}, headers: Record<string, string> = {}): Handler =>
  json(http, { status_code: code, timestamp: at(), ...extra }, headers);
const last = (): Seen => seen.at(-1)!;

describe('what is sent', () => {
  before(() => {
    handle = ocpi(200, 1000);
  });

  test('SUBTLE 1, 24, 28: token, message ids and routing headers', async () => {
    await link.putLocation(partner(), aLocation());
    const { headers } = last();
    assert.equal(headers.authorization, `Token ${base64('open-sealed')}`);
    assert.match(headers['x-request-id'] as string, /^[0-9a-f-]{36}$/);
    assert.match(headers['x-correlation-id'] as string, /^[0-9a-f-]{36}$/);
    assert.notEqual(headers['x-request-id'], headers['x-correlation-id']);
    assert.equal(headers['ocpi-from-country-code'], 'NL');
    assert.equal(headers['ocpi-from-party-id'], 'RBR');
    assert.equal(headers['ocpi-to-country-code'], 'NL');
    assert.equal(headers['ocpi-to-party-id'], 'EMS');
    await link.putLocation(partner({ tokenEncoding: 'raw' }), aLocation());
    assert.equal(last().headers.authorization, 'Token open-sealed');
  });

  test('each object goes to its own URL, whole and valid', async () => {
    assert.deepEqual(await link.putLocation(partner(), aLocation({ id: 'a/b c' })), { result: 'delivered' });
    assert.deepEqual([last().method, last().url], ['PUT', '/ocpi/locations/NL/RBR/a%2Fb%20c']);
    assert.ok(schemas.Location.safeParse(last().body).success);

    await link.putTariff(partner(), aTariff());
    assert.deepEqual([last().method, last().url], ['PUT', '/ocpi/tariffs/NL/RBR/AC-1']);
    assert.ok(schemas.Tariff.safeParse(last().body).success);

    await link.deleteTariff(partner(), aTariff());
    assert.deepEqual([last().method, last().url, last().body], ['DELETE', '/ocpi/tariffs/NL/RBR/AC-1', undefined]);

    await link.putSession(partner(), aSession({ id: 's1' }));
    assert.deepEqual([last().method, last().url], ['PUT', '/ocpi/sessions/NL/RBR/s1']);
    assert.ok(schemas.Session.safeParse(last().body).success);

    await link.postCdr(partner(), aCdr());
    assert.deepEqual([last().method, last().url], ['POST', '/ocpi/cdrs/']);
    assert.ok(schemas.CDR.safeParse(last().body).success);
  });

  test('SUBTLE 39: a status is a PATCH of status and last_updated', async () => {
    const evse = anEvse({ status: 'CHARGING', last_updated: at(1000) });
    await link.patchEvseStatus(partner(), aLocation({ evses: [evse] }), evse.uid.toLowerCase());
    assert.deepEqual([last().method, last().url], ['PATCH', `/ocpi/locations/NL/RBR/UTR-001/${evse.uid}`]);
    assert.deepEqual(last().body, { status: 'CHARGING', last_updated: at(1000) });
  });

  test('an EVSE that 2.2.1 can’t express has no status there', async () => {
    const evse = anEvse({ connectors: [aConnector({ standard: 'MCS' })] });
    const before = seen.length;
    const result = await link.patchEvseStatus(partner(), aLocation({ evses: [evse] }), evse.uid);
    assert.deepEqual(result, { result: 'delivered' });
    assert.equal(seen.length, before);
  });

  test('SUBTLE 47, 48: a growing session is a PATCH without periods', async () => {
    await link.patchSession(partner(), aSession({ energyWh: 1234, lastUpdated: at(1000) }));
    assert.equal(last().method, 'PATCH');
    assert.deepEqual(last().body, { kwh: 1.234, last_updated: at(1000) });
  });

  test('what belongs to a token is for the token’s party', async () => {
    const token = { ...aCdr().token, country_code: 'DE', party_id: 'TWO' };
    await link.postCdr(partner(), aCdr({ token }));
    assert.equal(last().headers['ocpi-to-party-id'], 'TWO');
    await link.putSession(partner(), aSession({ token }));
    assert.equal(last().headers['ocpi-to-country-code'], 'DE');
  });

  test('a partner without the receiver, or of a version that we lack, is a refusal', async () => {
    const before = seen.length;
    for (const poor of [partner({ endpoints: [] }), partner({ version: '9.9' }), aPartner({ connection: undefined })]) {
      for (const result of [await link.putLocation(poor, aLocation()), await link.postCdr(poor, aCdr())]) {
        assert.equal(result.result, 'refused');
        assert.ok('reason' in result && result.reason.length > 10);
      }
      assert.equal(await link.hasCdr(poor, 'c1'), undefined);
    }
    assert.equal(seen.length, before);
  });

  test('what 2.2.1 has no words for is refused unsent', async () => {
    const before = seen.length;
    const dearWithTax = aTariff({
      tax_included: 'YES',
      elements: [{ price_components: [{ type: 'ENERGY', price: 1, step_size: 1 }] }],
    });
    assert.equal((await link.putTariff(partner(), dearWithTax)).result, 'refused');
    assert.equal((await link.putSession(partner(), aSession({ token: undefined }))).result, 'refused');
    assert.equal(seen.length, before);
  });

  test('command results go to response_url as given, on the partner’s own hosts only', async () => {
    await link.postCommandResult(partner(), `${server.url}/cb?x=1`, 'ACCEPTED');
    assert.deepEqual([last().method, last().url, last().body], ['POST', '/cb?x=1', { result: 'ACCEPTED' }]);
    await link.postCommandResult(partner(), `${server.url}/cb`, 'FAILED', 'no one there');
    assert.deepEqual(schemas.CommandResult.parse(last().body).message, [{ language: 'en', text: 'no one there' }]);
    const before = seen.length;
    const elsewhere = server.url.replace('127.0.0.1', 'localhost');
    await link.postCommandResult(partner(), `${elsewhere}/cb`, 'ACCEPTED');
    assert.equal(seen.length, before);
  });
});

describe('how the answer to a push is read', () => {
  interface Row {
    readonly name: string;
    readonly answer: Handler;
    readonly put: Partial<PushResult> & object;
    /** Of a CDR, where it differs. */
    readonly post?: Partial<PushResult> & object;
  }
  const unclear = { result: 'unclear' } as const;
  const unavailable = { result: 'unavailable' } as const;
  const refused = { result: 'refused', missing: false } as const;
  const missing = { result: 'refused', missing: true } as const;
  const delivered = { result: 'delivered' } as const;
  const html: Handler = (_request, response) => response.writeHead(200).end('<html>welcome</html>');

  const rows: readonly Row[] = [
    { name: 'HTTP 200 with 1000', answer: ocpi(200, 1000), put: delivered },
    { name: 'HTTP 201 with 1000', answer: ocpi(201, 1000), put: delivered },
    { name: 'HTTP 200 with 1000 without timestamp', answer: json(200, { status_code: 1000 }), put: delivered },
    { name: 'HTTP 200 with HTML', answer: html, put: unclear },
    { name: 'HTTP 204 without a body', answer: (_q, response) => response.writeHead(204).end(), put: unclear },
    { name: 'HTTP 200 with 2001', answer: ocpi(200, 2001), put: refused },
    { name: 'HTTP 200 with 2003', answer: ocpi(200, 2003), put: missing },
    { name: 'HTTP 404 with 2003', answer: ocpi(404, 2003), put: missing },
    { name: 'HTTP 404 with HTML', answer: (_q, response) => response.writeHead(404).end('<html>'), put: missing },
    {
      name: 'HTTP 200 with 2001 that says Unknown session',
      answer: ocpi(200, 2001, { status_message: 'Unknown Session abc' }),
      put: missing,
    },
    { name: 'HTTP 400 with 2001', answer: ocpi(400, 2001), put: refused },
    { name: 'HTTP 401', answer: ocpi(401, 2000), put: { ...unavailable, retryAfterMs: undefined } },
    { name: 'HTTP 409', answer: ocpi(409, 2000), put: refused, post: delivered },
    {
      name: 'HTTP 200 with 2000 that says it exists already',
      answer: ocpi(200, 2000, { status_message: 'CDR already exists' }),
      put: refused,
      post: delivered,
    },
    {
      name: 'HTTP 200 with 2000 that says it does not exist',
      answer: ocpi(200, 2000, { status_message: 'Tariff does not exist' }),
      put: missing,
    },
    { name: 'HTTP 408', answer: ocpi(408, 2000), put: { ...unavailable, retryAfterMs: undefined } },
    {
      name: 'HTTP 429 with Retry-After in seconds',
      answer: ocpi(429, 2000, {}, { 'Retry-After': '17' }),
      put: { ...unavailable, retryAfterMs: 17_000 },
    },
    {
      name: 'HTTP 503 with Retry-After as a date',
      answer: ocpi(503, 3000, {}, { 'Retry-After': 'Wed, 01 May 2024 12:01:30 GMT' }),
      put: { ...unavailable, retryAfterMs: 90_000 },
    },
    {
      name: 'HTTP 503 with Retry-After of a year',
      answer: ocpi(503, 3000, {}, { 'Retry-After': '31536000' }),
      put: { ...unavailable, retryAfterMs: 86_400_000 },
    },
    {
      name: 'HTTP 503 with nonsense in Retry-After',
      answer: ocpi(503, 3000, {}, { 'Retry-After': 'soon' }),
      put: { ...unavailable, retryAfterMs: undefined },
    },
    { name: 'HTTP 500', answer: ocpi(500, 3000), put: unavailable, post: unclear },
    { name: 'HTTP 500 with 2001', answer: ocpi(500, 2001), put: unavailable, post: unclear },
    { name: 'HTTP 502 with HTML', answer: (_q, r) => r.writeHead(502).end('<html>'), put: unavailable, post: unclear },
    { name: 'HTTP 200 with 3000', answer: ocpi(200, 3000), put: unavailable, post: unclear },
    { name: 'SUBTLE 29: hub code 4001', answer: ocpi(200, 4001), put: unavailable },
    { name: 'SUBTLE 29: hub code 4002', answer: ocpi(200, 4002), put: unavailable, post: unclear },
    { name: 'SUBTLE 29: hub code 4003', answer: ocpi(200, 4003), put: unavailable },
    {
      name: 'a redirect',
      answer: (_q, response) => response.writeHead(307, { Location: `${server.url}/elsewhere` }).end(),
      put: unavailable,
    },
    { name: 'a reset', answer: (request) => request.socket.resetAndDestroy(), put: unclear },
    {
      name: 'an answer over the limit',
      answer: ocpi(200, 1000, { data: 'x'.repeat(20_000) }),
      put: unclear,
    },
    {
      name: 'an answer that stops half-way',
      answer: (_q, response) => {
        response.writeHead(200, { 'Content-Length': '500' }).write('{"status_code": 10', () => response.destroy());
      },
      put: unclear,
    },
  ];

  /** The parts of a result that a row speaks of. */
  const about = (result: PushResult, expected: object): object =>
    Object.fromEntries(Object.entries(result).filter(([name]) => name in expected));

  for (const { name, answer, put, post = put } of rows) {
    test(`${name}: PUT ${JSON.stringify(put)}, CDR ${JSON.stringify(post)}`, async () => {
      handle = answer;
      const before = seen.length;
      const putResult = await link.putLocation(partner(), aLocation());
      assert.deepEqual(about(putResult, { result: 1, missing: 1, retryAfterMs: 1 }), put);
      const postResult = await link.postCdr(partner(), aCdr());
      assert.deepEqual(about(postResult, { result: 1, missing: 1, retryAfterMs: 1 }), post);
      assert.equal(seen.length, before + 2, 'one request each: no retry, no redirect followed');
    });
  }

  test('no answer in time is unclear', async () => {
    handle = () => undefined;
    const hasty = linkWith({ timeoutMs: TIMEOUT_MS });
    assert.equal((await hasty.putLocation(partner(), aLocation())).result, 'unclear');
    assert.equal((await hasty.postCdr(partner(), aCdr())).result, 'unclear');
  });

  test('an answer that trickles ends in time too', async () => {
    handle = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    assert.equal((await linkWith({ timeoutMs: TIMEOUT_MS }).postCdr(partner(), aCdr())).result, 'unclear');
  });

  test('no one at the port, or no such host, is unavailable', async () => {
    const gone = await startScripted(() => undefined);
    await gone.close();
    for (const url of [gone.url, 'http://roambridge.invalid']) {
      const away = partner({ endpoints: [{ identifier: 'cdrs', role: 'RECEIVER', url }] });
      assert.equal((await link.postCdr(away, aCdr())).result, 'unavailable', url);
    }
  });

  test('SUBTLE 53: the Location header of a CDR is resolved against its request', async () => {
    handle = ocpi(201, 1000, {}, { Location: 'received/77' });
    assert.deepEqual(await link.postCdr(partner(), aCdr()), {
      result: 'delivered',
      url: `${server.url}/ocpi/cdrs/received/77`,
    });
  });
});

describe('does the partner have a CDR?', () => {
  const rows: [string, Handler, boolean | undefined][] = [
    ['HTTP 200 with the CDR', ocpi(200, 1000, { data: { id: 'CDR-1' } }), true],
    ['HTTP 200 with another CDR', ocpi(200, 1000, { data: { id: 'cdr-2' } }), undefined],
    ['HTTP 200 without data', ocpi(200, 1000), undefined],
    ['HTTP 404', ocpi(404, 2000), false],
    ['HTTP 404 without a body', (_q, response) => response.writeHead(404).end(), false],
    ['HTTP 200 with 2003', ocpi(200, 2003), false],
    ['HTTP 405', ocpi(405, 2000), undefined],
    ['HTTP 401', ocpi(401, 2000), undefined],
    ['HTTP 500', ocpi(500, 3000), undefined],
    ['HTTP 200 with 3000', ocpi(200, 3000), undefined],
    ['HTTP 200 with HTML', (_q, response) => response.writeHead(200).end('<html>'), undefined],
    ['a reset', (request) => request.socket.resetAndDestroy(), undefined],
  ];
  for (const [name, answer, expected] of rows) {
    test(`${name}: ${expected}`, async () => {
      handle = answer;
      assert.equal(await link.hasCdr(partner(), 'cdr-1'), expected);
      assert.deepEqual([last().method, last().url], ['GET', '/ocpi/cdrs/cdr-1']);
    });
  }

  test('it is looked for where the partner put the last one', async () => {
    handle = ocpi(200, 1000, { data: { id: 'cdr-1' } });
    const known = { ...partner(), cdrUrlTemplate: `${server.url}/store/{id}.json` };
    assert.equal(await link.hasCdr(known, 'cdr-1'), true);
    assert.equal(last().url, '/store/cdr-1.json');
  });
});

describe('real-time authorization', () => {
  const question = { uid: 'A/1', type: 'RFID', timeoutMs: 5_000 };
  const info = (extra: object) => ocpi(200, 1000, { data: { token: aToken(), ...extra } });

  test('asks with type and place, and reads the verdict', async () => {
    handle = info({
      allowed: 'ALLOWED',
      authorization_reference: 'REF-1',
      location: { location_id: 'L1', evse_uids: ['E1'] },
    });
    const answer = await link.authorize(partner(), { ...question, locationId: 'L1', evseUids: ['E1', 'E2'] });
    assert.deepEqual([last().method, last().url], ['POST', '/ocpi/tokens/A%2F1/authorize?type=RFID']);
    assert.deepEqual(last().body, { location_id: 'L1', evse_uids: ['E1', 'E2'] });
    assert.deepEqual(answer, {
      kind: 'verdict',
      allowed: 'ALLOWED',
      token: aToken(),
      authorizationReference: 'REF-1',
      evseUids: ['E1'],
    });
    await link.authorize(partner(), question);
    assert.equal(last().body, undefined);
  });

  const rows: [string, Handler, string][] = [
    ['SUBTLE 71: BLOCKED in a success', info({ allowed: 'BLOCKED' }), 'verdict'],
    ['a verdict without its token', ocpi(200, 1000, { data: { allowed: 'ALLOWED' } }), 'verdict'],
    ['SUBTLE 70: HTTP 404 with 2004', ocpi(404, 2004), 'unknown-token'],
    ['HTTP 200 with 2004', ocpi(200, 2004), 'unknown-token'],
    ['SUBTLE 70: 2002', ocpi(200, 2002), 'unreachable'],
    ['HTTP 404 that is of the web server', (_q, response) => response.writeHead(404).end('<html>'), 'unreachable'],
    ['a verdict that no one knows', info({ allowed: 'PERHAPS' }), 'unreachable'],
    ['a success without data', ocpi(200, 1000), 'unreachable'],
    ['HTTP 500', ocpi(500, 3000), 'unreachable'],
    ['HTTP 500 with an ALLOWED', json(500, { status_code: 1000, data: { allowed: 'ALLOWED' } }), 'unreachable'],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'unreachable'],
  ];
  for (const [name, answer, kind] of rows) {
    test(`${name} is ${kind}`, async () => {
      handle = answer;
      assert.equal((await link.authorize(partner(), question)).kind, kind);
    });
  }

  test('no answer within its own time is unreachable', async () => {
    handle = () => undefined;
    const answer = await link.authorize(partner(), { ...question, timeoutMs: TIMEOUT_MS });
    assert.equal(answer.kind, 'unreachable');
  });

  test('a partner without a token sender is unreachable', async () => {
    assert.equal((await link.authorize(partner({ endpoints: [] }), question)).kind, 'unreachable');
  });
});

describe('pulling tokens', () => {
  const pull = async (from: Partner, by = link): Promise<TokenPage[]> => {
    const pages: TokenPage[] = [];
    for await (const page of by.pullTokens(from, at())) pages.push(page);
    return pages;
  };
  const refusedAs = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

  test('SUBTLE 17, 31: follows the pages, and counts what can’t be read', async () => {
    handle = (request, response, body) => {
      const first = !(request.url ?? '').includes('offset=2');
      const data = first ? [aToken({ uid: 'A' }), { uid: 'broken' }] : [aToken({ uid: 'B' })];
      const link = { Link: `</ocpi/tokens?offset=2&limit=2>; rel="next"` };
      ocpi(200, 1000, { data }, first ? link : {})(request, response, body);
    };
    const pages = await pull(partner());
    assert.deepEqual(
      pages.map(({ tokens, invalid }) => [tokens.map(({ uid }) => uid), invalid]),
      [
        [['A'], 1],
        [['B'], 0],
      ],
    );
    const asked = new URL(seen.at(-2)!.url, server.url);
    assert.equal(asked.pathname, '/ocpi/tokens');
    assert.deepEqual(Object.fromEntries(asked.searchParams), { date_from: at(), offset: '0', limit: '2' });
    assert.equal(last().url, '/ocpi/tokens?offset=2&limit=2');
  });

  test('a next page on a strange host is not followed: our token would go along', async () => {
    handle = ocpi(200, 1000, { data: [] }, { Link: '<http://evil.example/tokens>; rel="next"' });
    await assert.rejects(pull(partner()), refusedAs('partner-refused'));
  });

  test('a list that links in a circle or has no end does end', async () => {
    handle = ocpi(200, 1000, { data: [] }, { Link: '</ocpi/tokens?offset=0>; rel="next"' });
    await assert.rejects(pull(partner()), refusedAs('partner-refused'));
    let page = 0;
    handle = (request, response, body) => {
      page += 1;
      ocpi(200, 1000, { data: [] }, { Link: `</ocpi/tokens?offset=${page}>; rel="next"` })(request, response, body);
    };
    await assert.rejects(pull(partner(), linkWith({ maxPages: 3 })), refusedAs('partner-refused'));
    assert.equal(page, 3);
  });

  const failures: [string, Handler, string][] = [
    ['HTTP 500', ocpi(500, 3000), 'partner-unreachable'],
    ['HTTP 200 with 3000', ocpi(200, 3000), 'partner-unreachable'],
    ['HTTP 200 with 2000', ocpi(200, 2000), 'partner-refused'],
    ['HTTP 401', ocpi(401, 2000), 'partner-refused'],
    ['data that is no list', ocpi(200, 1000, { data: {} }), 'partner-refused'],
    ['a reset', (request) => request.socket.resetAndDestroy(), 'partner-unreachable'],
  ];
  for (const [name, answer, code] of failures) {
    test(`${name} is ${code}`, async () => {
      handle = answer;
      await assert.rejects(pull(partner()), refusedAs(code));
    });
  }

  test('a partner without a token sender is partner-refused', async () => {
    await assert.rejects(pull(partner({ endpoints: [] })), refusedAs('partner-refused'));
  });
});
