import type { OcppVersion } from '../adapter.js';
import { request } from './commands.js';
import { answer, inboundActions } from './inbound.js';
import { outboundActions } from './outcomes.js';

/** OCPP 1.6 over JSON (OCPP-J 1.6). */
export const ocpp16: OcppVersion = {
  protocol: 'ocpp1.6',
  rpc: { answersUnreadable: false, resultErrors: false, sends: new Set() },
  // OCPP-J 1.6 §4.2.3, with its own spelling of 'Occurence' and 'Formation'
  wireCodes: {
    FormatViolation: 'FormationViolation',
    GenericError: 'GenericError',
    InternalError: 'InternalError',
    MessageTypeNotSupported: 'GenericError',
    NotImplemented: 'NotImplemented',
    NotSupported: 'NotSupported',
    OccurrenceConstraintViolation: 'OccurenceConstraintViolation',
    PropertyConstraintViolation: 'PropertyConstraintViolation',
    ProtocolError: 'ProtocolError',
    RpcFrameworkError: 'FormationViolation',
    SecurityError: 'SecurityError',
    TypeConstraintViolation: 'TypeConstraintViolation',
  },
  bootAction: 'BootNotification',
  // whatever configures it (OCPP 1.6 §4.2)
  whilePending: new Set([
    'trigger',
    'getConfiguration',
    'changeConfiguration',
    'setPassword',
    'setSecurityProfile',
    'installCertificate',
    'deleteCertificate',
    'getInstalledCertificates',
    'certificateSigned',
  ]),
  answer,
  request,
  coverage: {
    inbound: Object.fromEntries(
      inboundActions.map((action) => [action, action === 'DataTransfer' ? 'refused' : 'handled']),
    ),
    outbound: outboundActions,
  },
};
