import * as untyped from 'typed-ocpp/dist/ocpp20/schemas.js';
import type { OcppVersion, Treatment } from '../adapter.js';
import type { RpcRules } from '../frame.js';
import type { Handlers } from './inbound/handler.js';
import { createAnswer, handlers } from './inbound/table.js';
import { type Outcomes, outcomes } from './outbound/outcomes.js';
import { createRequest } from './outbound/request.js';
import { createMessages } from './schemas.js';
import { tolerances } from './tolerances.js';

/** A version of OCPP 2.x: what it calls, and what we make of it. */
export interface Ocpp2 {
  readonly name: string;
  readonly protocol: string;
  readonly rpc: RpcRules;
  readonly schemas: Readonly<Record<string, object | undefined>>;
  /** By action: all that charging stations may call. */
  readonly handlers: Handlers;
  /** Of those, the ones that are answered with a no. */
  readonly refusals: Readonly<Record<string, Exclude<Treatment, 'handled'>>>;
  /** By action: all that we may call, and what its answers mean. */
  readonly outcomes: Outcomes;
}

export function createVersion(of: Ocpp2): OcppVersion {
  const messages = createMessages(of.schemas, tolerances);
  return {
    protocol: of.protocol,
    rpc: of.rpc,
    // OCPP-J 2.0.1 §4.3: the names are the standard's own
    wireCodes: {
      FormatViolation: 'FormatViolation',
      GenericError: 'GenericError',
      InternalError: 'InternalError',
      MessageTypeNotSupported: 'MessageTypeNotSupported',
      NotImplemented: 'NotImplemented',
      NotSupported: 'NotSupported',
      OccurrenceConstraintViolation: 'OccurrenceConstraintViolation',
      PropertyConstraintViolation: 'PropertyConstraintViolation',
      ProtocolError: 'ProtocolError',
      RpcFrameworkError: 'RpcFrameworkError',
      SecurityError: 'SecurityError',
      TypeConstraintViolation: 'TypeConstraintViolation',
    },
    bootAction: 'BootNotification',
    // whatever configures it (OCPP 2.0.1 §B02)
    whilePending: new Set([
      'trigger',
      'getConfiguration',
      'changeConfiguration',
      'setPassword',
      'getReport',
      'installCertificate',
      'deleteCertificate',
      'getInstalledCertificates',
      'certificateSigned',
    ]),
    answer: createAnswer({ name: of.name, messages, handlers: of.handlers }),
    request: createRequest({ name: of.name, messages, outcomes: of.outcomes }),
    coverage: {
      inbound: Object.fromEntries(Object.keys(of.handlers).map((action) => [action, of.refusals[action] ?? 'handled'])),
      outbound: Object.keys(of.outcomes),
    },
  };
}

export const refusals = {
  DataTransfer: 'refused',
  Get15118EVCertificate: 'with a provider',
  GetCertificateStatus: 'with a provider',
} as const;

/** OCPP 2.0.1 over JSON (OCPP-J 2.0.1). */
export const ocpp201 = createVersion({
  name: 'OCPP 2.0.1',
  protocol: 'ocpp2.0.1',
  rpc: { answersUnreadable: true, resultErrors: false, sends: new Set() },
  // typed-ocpp exports its schemas as `any`
  schemas: untyped,
  handlers,
  refusals,
  outcomes,
});
