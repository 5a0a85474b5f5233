import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '../../src/domain/instant.js';
import type { Iso15118Provider } from '../../src/ports.js';
import { assertValid, bothProtocols, connectStation } from './stations.js';

const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' } as const;
const until = instant(Date.parse('2024-05-02T00:00:00Z'));
const contract = {
  idToken: { idToken: 'DE-ABC-C1', type: 'eMAID' },
  iso15118CertificateHashData: [{ ...hash, responderURL: 'http://ocsp.example' }],
};
const exi = { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Update', exiRequest: 'eA==' };

function provider(overrides: Partial<Iso15118Provider> = {}): { asked: unknown[]; iso15118: Iso15118Provider } {
  const asked: unknown[] = [];
  const iso15118: Iso15118Provider = {
    async evCertificate(request) {
      asked.push(request);
      return 'eQ==';
    },
    async ocspResponse(...request) {
      asked.push(request);
      return 'b2s=';
    },
    async revocation(...request) {
      asked.push(request);
      return { status: 'Good', until };
    },
    ...overrides,
  };
  return { asked, iso15118 };
}

for (const protocol of bothProtocols) {
  describe(`certificates of vehicles in ${protocol}`, () => {
    it('come from the provider', async (t) => {
      const { asked, iso15118 } = provider();
      const { peer } = await connectStation(t, protocol, { iso15118 });
      const [, , answer] = await peer.call('Get15118EVCertificate', exi);
      assert.deepEqual(answer, { status: 'Accepted', exiResponse: 'eQ==' });
      assertValid(protocol, 'Get15118EVCertificateResponse', answer);
      assert.deepEqual(asked, [
        { chargePointId: 'CS1', schemaVersion: exi.iso15118SchemaVersion, action: 'Update', exiRequest: 'eA==' },
      ]);
    });

    it('are looked up by OCSP', async (t) => {
      const { asked, iso15118 } = provider();
      const { peer } = await connectStation(t, protocol, { iso15118 });
      const ocspRequestData = { ...hash, responderURL: 'http://ocsp.example' };
      const [, , answer] = await peer.call('GetCertificateStatus', { ocspRequestData });
      assert.deepEqual(answer, { status: 'Accepted', ocspResult: 'b2s=' });
      assert.deepEqual(asked, [[hash, 'http://ocsp.example']]);
    });

    for (const [status, certificateStatus, idTokenStatus] of [
      ['Good', 'Accepted', 'Accepted'],
      ['Unknown', 'NoCertificateAvailable', 'Accepted'],
      ['Revoked', 'CertificateRevoked', 'Invalid'],
    ] as const) {
      it(`authorize by a contract whose certificate is ${status}`, async (t) => {
        const { iso15118 } = provider({ revocation: async () => ({ status, until }) });
        const { peer, domain } = await connectStation(t, protocol, { iso15118 });
        const [, , answer] = await peer.call('Authorize', contract);
        assert.deepEqual(answer, { idTokenInfo: { status: idTokenStatus }, certificateStatus });
        assertValid(protocol, 'AuthorizeResponse', answer);
        // nobody is asked about a stolen contract
        assert.equal(domain().length, status === 'Revoked' ? 0 : 1);
      });
    }

    it('are refused when the provider refuses or fails', async (t) => {
      const failing = async (): Promise<never> => Promise.reject(new Error('unreachable'));
      const { iso15118 } = provider({
        evCertificate: async () => undefined,
        ocspResponse: failing,
        revocation: failing,
      });
      const { peer, log } = await connectStation(t, protocol, { iso15118 });
      const ocspRequestData = { ...hash, responderURL: 'u' };
      assert.deepEqual((await peer.call('Get15118EVCertificate', exi))[2], { status: 'Failed', exiResponse: '' });
      assert.deepEqual((await peer.call('GetCertificateStatus', { ocspRequestData }))[2], { status: 'Failed' });
      assert.deepEqual((await peer.call('Authorize', contract))[2], {
        idTokenInfo: { status: 'Accepted' },
        certificateStatus: 'NoCertificateAvailable',
      });
      assert.equal(log.filter(({ msg }) => msg === 'ISO 15118 provider failed').length, 2);
    });
  });
}

describe('a chain of certificates in OCPP 2.1', () => {
  it('is answered for each of them', async (t) => {
    const { asked, iso15118 } = provider();
    const { peer } = await connectStation(t, 'ocpp2.1', { iso15118 });
    const [, , answer] = await peer.call('GetCertificateChainStatus', {
      certificateStatusRequests: [{ certificateHashData: hash, source: 'CRL', urls: ['http://crl.example'] }],
    });
    assert.deepEqual(answer, {
      certificateStatus: [{ certificateHashData: hash, source: 'CRL', status: 'Good', nextUpdate: until }],
    });
    assertValid('ocpp2.1', 'GetCertificateChainStatusResponse', answer);
    assert.deepEqual(asked, [[hash, ['http://crl.example']]]);
  });
});
