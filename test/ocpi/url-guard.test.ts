import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import type { LookupFunction } from 'node:net';
import { describe, test } from 'node:test';
import { createOcpiClient } from '../../ocpi-modules/client.js';
import { checkUrl, guardedAgents, isPartnersHost } from '../../ocpi-modules/url-guard.js';
import { DomainError } from '../../src/domain/errors.js';
import { aPartner } from '../support/documents.js';
import { logger, startScripted } from './support.js';

const strict = { allowPrivateNetworks: false };
const lax = { allowPrivateNetworks: true };
const invalid = (error: unknown): boolean => error instanceof DomainError && error.code === 'invalid-input';

describe('URLs that partners give', () => {
  for (const url of [
    'https://emsp.example/ocpi/versions',
    'https://emsp.example:8443/x?y=z',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://172.32.0.1/',
  ]) {
    test(`${url} may be called`, () => assert.equal(checkUrl(url, strict).href, url));
  }

  for (const url of [
    'http://emsp.example/',
    'ftp://emsp.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'emsp.example/versions',
    '',
    'https://user:secret@emsp.example/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://metadata.localhost/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:a00:1::]/',
  ]) {
    test(`${url} is refused`, () => assert.throws(() => checkUrl(url, strict), invalid));
  }

  test('the demo may use http and loopback, and nothing that is not HTTP', () => {
    assert.equal(checkUrl('http://127.0.0.1:9/x', lax).port, '9');
    assert.throws(() => checkUrl('file:///etc/passwd', lax), invalid);
    assert.throws(() => checkUrl('http://a:b@127.0.0.1/', lax), invalid);
  });

  test('a name is judged by the addresses that it is connected to', async () => {
    const { lookup } = guardedAgents(strict).httpsAgent.options as { lookup: LookupFunction };
    for (const all of [true, false]) {
      const error = await new Promise<NodeJS.ErrnoException | null>((resolve) =>
        lookup('localhost', { all }, (problem) => resolve(problem)),
      );
      assert.equal(error?.code, 'EPRIVATEADDRESS');
    }
  });

  test('connections themselves are held to it', async () => {
    let requests = 0;
    const server = await startScripted((_request, response) => {
      requests += 1;
      response.end();
    });
    const { httpAgent } = guardedAgents(strict);
    const [error] = (await once(get(server.url.replace('127.0.0.1', 'localhost'), { agent: httpAgent }), 'error')) as [
      NodeJS.ErrnoException,
    ];
    assert.deepEqual([error.code, requests], ['EPRIVATEADDRESS', 0]);
    await server.close();
  });

  test('a refusal names the host and not the path, which may hold a token uid', () => {
    assert.throws(() => checkUrl('http://emsp.example/tokens/04A2B3C4', strict), /http:\/\/emsp\.example$/);
  });

  test('nothing reaches a private server, and the failure says that nothing was sent', async () => {
    let requests = 0;
    const server = await startScripted((_request, response) => {
      requests += 1;
      response.end();
    });
    const client = createOcpiClient({ timeoutMs: 5_000, maxBodyBytes: 1_000, urlPolicy: strict }, logger);
    for (const url of [server.url, server.url.replace('http:', 'https:')]) {
      const exchange = await client.call({ method: 'GET', url, token: 't', tokenEncoding: 'raw' });
      assert.ok(exchange.kind === 'failed' && !exchange.sent);
    }
    assert.equal(requests, 0);
    await server.close();
  });

  test('a partner’s own hosts are those of its versions and endpoint URLs', () => {
    const partner = aPartner();
    assert.ok(isPartnersHost(partner, new URL('https://EMSP.example/any')));
    assert.ok(isPartnersHost(partner, new URL('https://emsp.example:444/any')));
    assert.ok(!isPartnersHost(partner, new URL('https://emsp.example.evil.test/')));
    assert.ok(!isPartnersHost(aPartner({ connection: undefined }), new URL('https://emsp.example/')));
  });
});
