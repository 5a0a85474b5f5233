import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import type { CertificateHash } from '../../../src/domain/command.js';
import type { Iso15118Provider } from '../../../src/ports.js';
import type { Peer } from '../../adapter.js';
import { given } from '../../given.js';
import type { Handler } from './handler.js';

type Use = messages.CertificateSigningUseEnumType;

/** SignCertificate of OCPP 2.0.1, and of 2.1 with more in it. */
export interface SignCertificate {
  readonly csr: string;
  readonly certificateType?: string;
  readonly requestId?: number;
}

/** OCPP 2.0.1 §A02 SignCertificate: the certificate follows in a CertificateSigned of ours. */
export const signCertificate: Handler<SignCertificate> = async (
  { csr, certificateType = 'ChargingStationCertificate', requestId },
  _call,
  peer,
) => {
  const taken =
    isUse(certificateType) &&
    (await peer.events.certificateRequested(peer.chargePointId, {
      csrPem: csr,
      use: certificateType,
      ...given({ requestId }),
    }));
  const payload: messages.SignCertificateResponse = { status: taken ? 'Accepted' : 'Rejected' };
  return { payload };
};

const isUse = (certificateType: string): certificateType is Use => Object.hasOwn(uses, certificateType);
const uses = { ChargingStationCertificate: true, V2GCertificate: true } as const satisfies Record<Use, true>;

/** OCPP 2.0.1 §M01, §M02: a contract certificate for the vehicle. */
export const evCertificate: Handler<messages.Get15118EVCertificateRequest> = async (request, _call, peer) => {
  const exiResponse = await asked(peer, 'contract certificate', (provider) =>
    provider.evCertificate({
      chargePointId: peer.chargePointId,
      schemaVersion: request.iso15118SchemaVersion,
      action: request.action,
      exiRequest: request.exiRequest,
    }),
  );
  const payload: messages.Get15118EVCertificateResponse =
    exiResponse === undefined ? { status: 'Failed', exiResponse: '' } : { status: 'Accepted', exiResponse };
  return { payload };
};

/** OCPP 2.0.1 §M06: is the certificate of a vehicle's still good? */
export const certificateStatus: Handler<messages.GetCertificateStatusRequest> = async (
  { ocspRequestData },
  _call,
  peer,
) => {
  const ocspResult = await asked(peer, 'OCSP response', (provider) =>
    provider.ocspResponse(hashOf(ocspRequestData), ocspRequestData.responderURL),
  );
  const payload: messages.GetCertificateStatusResponse =
    ocspResult === undefined ? { status: 'Failed' } : { status: 'Accepted', ocspResult };
  return { payload };
};

/** Whether certificates were revoked, in their order; undefined for those of which nobody could tell. */
export const revocationsOf = (
  asks: readonly { readonly certificate: CertificateHash; readonly urls: readonly string[] }[],
  peer: Peer,
): Promise<readonly (Awaited<ReturnType<Iso15118Provider['revocation']>> | undefined)[]> =>
  Promise.all(
    asks.map(({ certificate, urls }) =>
      asked(peer, 'revocation', (provider) => provider.revocation(hashOf(certificate), urls)),
    ),
  );

const hashOf = ({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertificateHash): CertificateHash => ({
  hashAlgorithm,
  issuerNameHash,
  issuerKeyHash,
  serialNumber,
});

/** Undefined without a provider, or when it fails: then the vehicle is refused. */
async function asked<T>(
  peer: Peer,
  what: string,
  ask: (provider: Iso15118Provider) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!peer.iso15118) return undefined;
  try {
    return await ask(peer.iso15118);
  } catch (error) {
    peer.log.error({ err: error, what }, 'ISO 15118 provider failed');
    return undefined;
  }
}
