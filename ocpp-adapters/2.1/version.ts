import * as untyped from 'typed-ocpp/dist/ocpp21/schemas.js';
import { handlers as handlers201 } from '../2.0.1/inbound/table.js';
import { createVersion, refusals } from '../2.0.1/version.js';
import { handlers } from './handlers.js';
import { outcomes } from './outcomes.js';

// typed-ocpp exports its schemas as `any`
const schemas: Readonly<Record<string, object | undefined>> = untyped;

/** OCPP 2.1 over JSON (OCPP-J 2.1): OCPP 2.0.1 but for what is named here. */
export const ocpp21 = createVersion({
  name: 'OCPP 2.1',
  protocol: 'ocpp2.1',
  rpc: { answersUnreadable: true, resultErrors: true, sends: new Set(['NotifyPeriodicEventStream']) },
  // a SEND has no response, and so its schema another name
  schemas: { ...schemas, NotifyPeriodicEventStreamRequest: schemas['NotifyPeriodicEventStream'] },
  handlers: { ...handlers201, ...handlers },
  refusals: {
    ...refusals,
    GetCertificateChainStatus: 'with a provider',
    OpenPeriodicEventStream: 'refused',
    PullDynamicScheduleUpdate: 'refused',
    VatNumberValidation: 'refused',
  },
  outcomes,
});
