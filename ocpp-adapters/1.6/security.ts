import type { SignCertificateResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import type { Handler } from './handler.js';

/** OCPP 1.6 security whitepaper §4.12 SignCertificate: the certificate follows in a CertificateSigned of ours. */
export const signCertificate: Handler<'SignCertificate'> = async ({ csr }, _call, peer) => {
  const taken = await peer.events.certificateRequested(peer.chargePointId, {
    csrPem: csr,
    use: 'ChargingStationCertificate',
  });
  const payload: SignCertificateResponse = { status: taken ? 'Accepted' : 'Rejected' };
  return { payload };
};
