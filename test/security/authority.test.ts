import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { EmbeddedAuthority } from '../../src/pki/authority.js';
import { keyAlgorithms } from '../../src/pki/certificate.js';
import { createTlsMaterial } from '../../src/pki/tls-material.js';
import { authorityIn, newFolder, newRequest } from '../support/pki.js';

const rsa = (modulusLength: number) => ({ ...keyAlgorithms.rsa, modulusLength });
const ec = (namedCurve: string) => ({ name: 'ECDSA', namedCurve });
const DAY_MS = 86_400_000;

describe('the embedded certificate authority', () => {
  const { folder, remove } = newFolder();
  let authority: EmbeddedAuthority;
  before(async () => {
    authority = await authorityIn(folder);
  });
  after(remove);

  it('keeps its key to itself, and is the same after a restart', async () => {
    assert.equal(statSync(join(folder, 'ca.pem')).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const again = await authorityIn(folder);
    assert.equal(again.certificatePem, authority.certificatePem);
    assert.equal(readFileSync(authority.certificateFile, 'utf8').trim(), authority.certificatePem);
    assert.doesNotMatch(readFileSync(authority.certificateFile, 'utf8'), /PRIVATE/);
  });

  it('signs a request: the id as CN, for clients only, for a bounded time, each with a serial number of its own', async () => {
    const { csrPem, keyPem } = await newRequest(['cp-1']);
    const root = new X509Certificate(authority.certificatePem);
    const signed = [await authority.sign('CP-1', csrPem), await authority.sign('CP-1', csrPem)];
    for (const pem of signed) {
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.checkIssued(root) && certificate.verify(root.publicKey));
      assert.match(certificate.subject, /^CN=CP-1$/m);
      assert.equal(certificate.ca, false);
      assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'], 'clientAuth');
      assert.ok(certificate.checkPrivateKey(createPrivateKey(keyPem)));
      const days = (Date.parse(certificate.validTo) - Date.now()) / DAY_MS;
      assert.ok(days > 6.9 && days <= 7, `${days} days`);
    }
    const serials = new Set(signed.map((pem) => new X509Certificate(pem).serialNumber));
    assert.equal(serials.size, 2);
    for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  });

  for (const [name, algorithm] of [
    ['RSA of 2048 bits', rsa(2048)],
    ['RSA of 3072 bits', rsa(3072)],
    ['P-384', ec('P-384')],
    ['P-521', ec('P-521')],
  ] as const) {
    it(`signs a request for a key of kind ${name}`, async () => {
      const { csrPem } = await newRequest(['CP-1'], algorithm);
      assert.equal(await authority.problemOf('CP-1', csrPem), undefined);
      assert.match(await authority.sign('CP-1', csrPem), /^-----BEGIN CERTIFICATE-----/);
    });
  }

  const refused = (name: string, make: () => Promise<string>, why: RegExp): void =>
    void it(`refuses ${name}`, async () => {
      const csrPem = await make();
      assert.match((await authority.problemOf('CP-1', csrPem)) ?? 'nothing is wrong', why);
      await assert.rejects(authority.sign('CP-1', csrPem), { name: 'DomainError', code: 'invalid-input' });
    });
  const csr = async (...args: Parameters<typeof newRequest>): Promise<string> => (await newRequest(...args)).csrPem;

  refused('the name of another charge point', () => csr(['CP-2']), /for "CP-2", not for CP-1/);
  refused('two names, one of them its own', () => csr(['CP-1', 'CP-2']), /not for CP-1/);
  refused('no name', () => csr([]), /not for CP-1/);
  refused('a short RSA key', () => csr(['CP-1'], rsa(1024)), /too short/);
  refused('a signature with SHA-1', () => csr(['CP-1'], keyAlgorithms.rsa, 'SHA-1'), /weak/);
  refused('what is no request', async () => 'hello', /can't be read/);
  refused('an empty request', async () => '', /can't be read/);
  refused('a certificate', async () => authority.certificatePem, /can't be read|not signed/);
  refused('a request of a megabyte', async () => 'A'.repeat(1024 * 1024), /too long/);
  refused(
    'a request whose signature is spoilt',
    async () => {
      const der = Buffer.from((await csr(['CP-1'])).replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
      der[der.length - 3] = (der[der.length - 3] ?? 0) ^ 0xff;
      return `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    },
    /not signed by its own key|can't be read/,
  );

  it('issues the certificates of the TLS port once, and anew for other names or near the end', async () => {
    const first = await authority.serverIdentities(['bridge.example', '127.0.0.1']);
    assert.deepEqual(
      first.map(({ chainPem }) => new X509Certificate(chainPem).publicKey.asymmetricKeyType),
      ['ec', 'rsa'],
    );
    for (const { chainPem, keyPem } of first) {
      const certificate = new X509Certificate(chainPem);
      assert.equal(certificate.subjectAltName, 'DNS:bridge.example, IP Address:127.0.0.1');
      assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'serverAuth');
      assert.ok(certificate.checkPrivateKey(createPrivateKey(keyPem)));
    }
    assert.equal(statSync(join(folder, 'server-rsa.pem')).mode & 0o777, 0o600);
    assert.deepEqual(await authority.serverIdentities(['bridge.example', '127.0.0.1']), first);
    assert.notDeepEqual(await authority.serverIdentities(['other.example']), first);
    const now = await authority.serverIdentities(['other.example']);
    assert.notDeepEqual(await (await authorityIn(folder, -800)).serverIdentities(['other.example']), now);
  });

  describe('and files in its place', () => {
    const file = (name: string, content: string): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    it('are read anew each time; other authorities are trusted beside the embedded one', async () => {
      const [ecdsa, rsaIdentity] = await authority.serverIdentities(['files.example']);
      assert.ok(ecdsa && rsaIdentity);
      const files = {
        certificate: file('own.crt', ecdsa.chainPem),
        key: file('own.key', ecdsa.keyPem),
        clientAuthorities: file('others.crt', `some text\n${authority.certificatePem}\n${authority.certificatePem}\n`),
      };
      const load = createTlsMaterial(files, async () => authority, []);
      const material = await load();
      assert.deepEqual(material.identities, [ecdsa]);
      assert.equal(material.clientAuthorities.length, 3);
      file('own.crt', rsaIdentity.chainPem);
      await assert.rejects(load(), /own\.key: not the key of .*own\.crt/);
      file('own.key', rsaIdentity.keyPem);
      assert.deepEqual((await load()).identities, [rsaIdentity]);
      file('own.crt', 'nothing');
      await assert.rejects(load(), /own\.crt: /);
      file('own.crt', rsaIdentity.chainPem);
      file('others.crt', 'nothing');
      await assert.rejects(load(), /others\.crt: no certificates/);
    });
  });
});
