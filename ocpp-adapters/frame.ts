/** OCPP-J 1.6 §4.1.4 wants text of up to 36 characters; longer ids and numbers are taken and given back as they came. */
export type MessageId = string | number;

/**
 * A frame as it came. `ignored` is one with a message type number that nobody knows (OCPP-J 1.6 §4.1.3). `malformed`
 * has an `id` when it was a CALL that can still be answered.
 */
export type Frame =
  | { readonly kind: 'call'; readonly id: MessageId; readonly action: string; readonly payload: unknown }
  | { readonly kind: 'result'; readonly id: MessageId; readonly payload: unknown }
  | { readonly kind: 'error'; readonly id: MessageId; readonly code: string; readonly description: string }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string; readonly id?: MessageId | undefined };

const CALL = 2;
const CALLRESULT = 3;
const CALLERROR = 4;

/** OCPP-J 2.0.1 §4.2.3 limits the description; 1.6 leaves it open. */
const MAX_DESCRIPTION = 255;

/** Reads a frame; never throws. */
export function parseFrame(text: string): Frame {
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return malformed('not JSON', idOfBrokenCall(text));
  }
  if (!Array.isArray(parts)) return malformed('not a JSON array');
  const [type, id, third, fourth] = parts as unknown[];
  switch (type) {
    case CALL:
      return parseCall(parts, id, third, fourth);
    case CALLRESULT:
      return isId(id) ? { kind: 'result', id, payload: third } : malformed('a CALLRESULT without message id');
    case CALLERROR:
      return isId(id)
        ? { kind: 'error', id, code: textOf(third), description: textOf(fourth) }
        : malformed('a CALLERROR without message id');
    default:
      return typeof type === 'number' || typeof type === 'string'
        ? { kind: 'ignored', reason: 'unknown message type number' }
        : malformed('no message type number');
  }
}

function parseCall(parts: readonly unknown[], id: unknown, action: unknown, payload: unknown): Frame {
  if (!isId(id)) return malformed('a CALL without message id');
  if (typeof action !== 'string') return malformed('a CALL without action', id);
  if (parts.length > 4) return malformed('a CALL of more than four elements', id);
  return { kind: 'call', id, action, payload };
}

const malformed = (reason: string, id?: MessageId): Frame => ({ kind: 'malformed', reason, id });

const isId = (id: unknown): id is MessageId => typeof id === 'string' || typeof id === 'number';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The id of a CALL that breaks off or is spoilt later on, so that the charge point need not wait for a time-out. */
function idOfBrokenCall(text: string): string | undefined {
  return /^\s*\[\s*2\s*,\s*"([^"\\]{1,255})"\s*,/.exec(text)?.[1];
}

export const callFrame = (id: MessageId, action: string, payload: object): string =>
  JSON.stringify([CALL, id, action, payload]);

export const resultFrame = (id: MessageId, payload: object): string => JSON.stringify([CALLRESULT, id, payload]);

export const errorFrame = (id: MessageId, code: string, description: string): string =>
  JSON.stringify([CALLERROR, id, code, description.slice(0, MAX_DESCRIPTION), {}]);
