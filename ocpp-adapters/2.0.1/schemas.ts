import { type Peer, RpcError } from '../adapter.js';
import { createCheck, type Tolerance } from '../validation.js';

/** The messages of one version, by its schemas: `<Action>Request` and `<Action>Response`. */
export interface Messages {
  /** Is this an action of the version, in whichever direction? */
  readonly has: (action: string) => boolean;
  /**
   * The payload of a call, valid or made so by tolerances. Fields that a tolerance accepts as missing may be undefined
   * whatever the type says.
   * @throws RpcError which field is wrong and why
   */
  readonly readRequest: (action: string, payload: unknown, peer: Peer) => object;
  /** The payload of a CALLRESULT, valid or made so by tolerances; else which field is wrong and why. */
  readonly readResponse: (action: string, payload: unknown, peer: Peer) => object | RpcError;
  /** What is wrong with a request of ours; undefined: nothing. */
  readonly faultOf: (action: string, payload: object) => string | undefined;
}

export function createMessages(
  schemas: Readonly<Record<string, object | undefined>>,
  tolerances: readonly Tolerance[],
): Messages {
  const check = createCheck(schemas, tolerances);
  const checkStrictly = createCheck(schemas, []);

  function read(message: string, action: string, payload: unknown, peer: Peer): object | RpcError {
    const checked = check(message, payload);
    peer.tolerated(checked.tolerances, action);
    return checked.ok ? checked.payload : new RpcError(checked.code, checked.reason);
  }

  return {
    has: (action) => schemas[`${action}Request`] !== undefined,
    readRequest(action, payload, peer) {
      const request = read(`${action}Request`, action, payload, peer);
      if (request instanceof RpcError) throw request;
      return request;
    },
    readResponse: (action, payload, peer) => read(`${action}Response`, action, payload, peer),
    faultOf(action, payload) {
      const checked = checkStrictly(`${action}Request`, payload);
      return checked.ok ? undefined : checked.reason;
    },
  };
}
