import type { CertificateUse } from '../../src/domain/command.js';
import { given } from '../given.js';
import { ask, type Preparations, refused } from './ask.js';
import type { Commands } from './messages.js';

/** OCPP 1.6 security whitepaper §5.2 CertificateUseEnumType. */
const certificateTypes = {
  CSMSRootCertificate: 'CentralSystemRootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
} as const satisfies Record<CertificateUse, Commands['InstallCertificate']['certificateType']>;

/** Firmware Management profile (OCPP 1.6 §5.6, §5.19) and the security extension (security whitepaper §4). */
export const maintenance: Preparations<
  | 'updateFirmware'
  | 'getLog'
  | 'installCertificate'
  | 'deleteCertificate'
  | 'getInstalledCertificates'
  | 'certificateSigned'
  | 'setPassword'
  | 'setSecurityProfile'
> = {
  updateFirmware: ({ requestId, url, retrieveAt, installAt, signature, signingCertificate }) => {
    if (signature !== undefined && signingCertificate !== undefined) {
      const firmware = { location: url, retrieveDateTime: retrieveAt, installDateTime: installAt };
      return ask('SignedUpdateFirmware', {
        requestId,
        firmware: given({ ...firmware, signingCertificate, signature }),
      });
    }
    if (signature !== undefined || signingCertificate !== undefined) {
      return refused('invalid', 'a signed update needs both the signature and the certificate');
    }
    return ask('UpdateFirmware', { location: url, retrieveDate: retrieveAt });
  },
  getLog: ({ requestId, log, url, from, to }) =>
    log === 'security'
      ? ask('GetLog', {
          logType: 'SecurityLog',
          requestId,
          log: given({ remoteLocation: url, oldestTimestamp: from, latestTimestamp: to }),
        })
      : ask('GetDiagnostics', given({ location: url, startTime: from, stopTime: to })),
  installCertificate: ({ use, pem }) =>
    ask('InstallCertificate', { certificateType: certificateTypes[use], certificate: pem }),
  deleteCertificate: ({ hash }) => ask('DeleteCertificate', { certificateHashData: hash }),
  getInstalledCertificates: ({ use }) =>
    use === undefined
      ? refused('invalid', 'OCPP 1.6 asks for one use of certificates at a time')
      : ask('GetInstalledCertificateIds', { certificateType: certificateTypes[use] }),
  certificateSigned: ({ chainPem }) => ask('CertificateSigned', { certificateChain: chainPem }),
  // the standard wants hexadecimal digits, as our own passwords are; others go as they are: who takes only digits says no,
  // where digits in their place could be taken for the password itself and lock the charge point out
  setPassword: ({ password }) => ask('ChangeConfiguration', { key: 'AuthorizationKey', value: password }),
  setSecurityProfile: ({ profile }) => ask('ChangeConfiguration', { key: 'SecurityProfile', value: String(profile) }),
};
