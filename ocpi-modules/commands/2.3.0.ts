import { token } from '../tokens/2.3.0.js';
import { commandsCodec, commandSchemas } from './shared.js';

/** Commands of OCPI 2.3.0 §13.3. */
const schemas = commandSchemas(token);
export const { startSession, stopSession, unlockConnector, reserveNow, cancelReservation } = schemas;

export const commands = commandsCodec(schemas);
