/** OCPP-J 1.6 §4.1.4 wants text of up to 36 characters; longer ids and numbers are taken and given back as they came. */
export type MessageId = string | number;

/** What the RPC layer of a version has beyond that of OCPP-J 1.6. */
export interface RpcRules {
  /** What can't be read, or has an unknown message type number, gets a CALLERROR, if need be of id "-1" (OCPP-J 2.0.1 §4.2.3). */
  readonly answersUnreadable: boolean;
  /** There is CALLRESULTERROR, the answer to a CALLRESULT that can't be read (OCPP-J 2.1 §4.2.4). */
  readonly resultErrors: boolean;
  /** The actions of SENDs, calls without answer (OCPP-J 2.1 §4.2.5). None: there is no such message type. */
  readonly sends: ReadonlySet<string>;
}

/**
 * A frame as it came. `ignored` is one with a message type number that nobody knows (OCPP-J 1.6 §4.1.3). An `id` is that of
 * the CALLERROR that the frame gets.
 */
export type Frame =
  | { readonly kind: 'call'; readonly id: MessageId; readonly action: string; readonly payload: unknown }
  | { readonly kind: 'result'; readonly id: MessageId; readonly payload: unknown }
  | { readonly kind: 'error'; readonly id: MessageId; readonly code: string; readonly description: string }
  | { readonly kind: 'resultError'; readonly id: MessageId; readonly code: string; readonly description: string }
  | { readonly kind: 'send'; readonly id: MessageId; readonly action: string; readonly payload: unknown }
  | { readonly kind: 'ignored'; readonly reason: string; readonly id?: MessageId | undefined }
  | { readonly kind: 'malformed'; readonly reason: string; readonly id?: MessageId | undefined };

const CALL = 2;
const CALLRESULT = 3;
const CALLERROR = 4;
const CALLRESULTERROR = 5;
const SEND = 6;

/** The id of an answer to what has none that can be read (OCPP-J 2.0.1 §4.2.3). */
const UNREADABLE_ID = '-1';

/** OCPP-J 2.0.1 §4.2.3 limits the description; 1.6 leaves it open. */
const MAX_DESCRIPTION = 255;

/** Reads a frame; never throws. */
export function parseFrame(text: string, rules: RpcRules): Frame {
  const unreadable = rules.answersUnreadable ? UNREADABLE_ID : undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return malformed('not JSON', idOfBrokenCall(text) ?? (isBrokenAnswer(text) ? undefined : unreadable));
  }
  if (!Array.isArray(parts)) return malformed('not a JSON array', unreadable);
  const [type, id, third, fourth] = parts as unknown[];
  switch (type) {
    case CALL:
      return parseCall(parts, unreadable);
    case CALLRESULT:
      return isId(id) ? { kind: 'result', id, payload: third } : malformed('a CALLRESULT without message id');
    case CALLERROR:
      return isId(id)
        ? { kind: 'error', id, code: textOf(third), description: textOf(fourth) }
        : malformed('a CALLERROR without message id');
    case CALLRESULTERROR:
      if (!rules.resultErrors) return unknownType(id, unreadable);
      return isId(id)
        ? { kind: 'resultError', id, code: textOf(third), description: textOf(fourth) }
        : malformed('a CALLRESULTERROR without message id');
    case SEND:
      if (rules.sends.size === 0) return unknownType(id, unreadable);
      return isId(id) && typeof third === 'string'
        ? { kind: 'send', id, action: third, payload: fourth }
        : malformed('a SEND without message id or action');
    default:
      return typeof type === 'number' || typeof type === 'string'
        ? unknownType(id, unreadable)
        : malformed('no message type number', unreadable);
  }
}

const unknownType = (id: unknown, unreadable: string | undefined): Frame => ({
  kind: 'ignored',
  reason: 'unknown message type number',
  id: unreadable !== undefined && isId(id) ? id : unreadable,
});

function parseCall(parts: readonly unknown[], unreadable: string | undefined): Frame {
  const [, id, action, payload] = parts;
  if (!isId(id)) return malformed('a CALL without message id', unreadable);
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

/** An answer of the charge point's that breaks off is not answered in turn. */
const isBrokenAnswer = (text: string): boolean => /^\s*\[\s*[345]\b/.test(text);

export const callFrame = (id: MessageId, action: string, payload: object): string =>
  JSON.stringify([CALL, id, action, payload]);

export const resultFrame = (id: MessageId, payload: object): string => JSON.stringify([CALLRESULT, id, payload]);

export const errorFrame = (id: MessageId, code: string, description: string): string =>
  JSON.stringify([CALLERROR, id, code, description.slice(0, MAX_DESCRIPTION), {}]);

export const resultErrorFrame = (id: MessageId, code: string, description: string): string =>
  JSON.stringify([CALLRESULTERROR, id, code, description.slice(0, MAX_DESCRIPTION), {}]);
