import { token } from '../tokens/2.2.1.js';
import { commandsCodec, commandSchemas } from './shared.js';

/** Commands of OCPI 2.2.1 §13.3. */
const schemas = commandSchemas(token);
export const { startSession, stopSession, unlockConnector, reserveNow, cancelReservation } = schemas;

export const commands = commandsCodec(schemas);
