import { given } from '../../given.js';
import { ask, type Preparations } from './ask.js';

/** Certificates that charging stations keep (OCPP 2.0.1 §A02, §M). */
export const certificates: Preparations<
  'installCertificate' | 'deleteCertificate' | 'getInstalledCertificates' | 'certificateSigned'
> = {
  installCertificate: ({ use, pem }) => ask('InstallCertificate', { certificateType: use, certificate: pem }),
  deleteCertificate: ({ hash }) => ask('DeleteCertificate', { certificateHashData: hash }),
  getInstalledCertificates: ({ use }) =>
    ask('GetInstalledCertificateIds', use === undefined ? {} : { certificateType: [use] }),
  certificateSigned: ({ chainPem, requestId }) =>
    ask('CertificateSigned', {
      certificateChain: chainPem,
      certificateType: 'ChargingStationCertificate',
      // only OCPP 2.1 asks with one (§A02)
      ...given({ requestId }),
    }),
};
