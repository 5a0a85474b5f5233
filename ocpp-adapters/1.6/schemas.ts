import * as untyped from 'typed-ocpp/dist/ocpp16/schemas.js';
import { type Peer, RpcError } from '../adapter.js';
import { type Checked, createCheck, type Tolerance } from '../validation.js';
import type { Commands, Requests, Responses } from './messages.js';
import { tolerances } from './tolerances.js';

// typed-ocpp exports its schemas as `any`
const schemas: Readonly<Record<string, object | undefined>> = untyped;

const check = createCheck(schemas, tolerances);

/** Charge points that send idTags over their limit must get them back the same. */
const longIdTags: Tolerance = {
  name: 'long-id-tag',
  seen: 'idTags over 20 characters',
  rule: 'sent as they are',
  fix: ({ keyword, field }) =>
    keyword === 'maxLength' && (field === 'idTag' || field === 'parentIdTag') ? { do: 'accept' } : undefined,
};

const ownChecks = { lenient: createCheck(schemas, [longIdTags]), strict: createCheck(schemas, []) };

/** What is wrong with a request of ours; undefined: nothing. */
export function faultOf(action: keyof Commands, payload: object, how: keyof typeof ownChecks): string | undefined {
  const checked = ownChecks[how](`${action}Request`, payload);
  return checked.ok ? undefined : checked.reason;
}

/** Is this an action of OCPP 1.6 or its security extension, in whichever direction? */
export const isStandardAction = (action: string): boolean => schemas[`${action}Request`] !== undefined;

/**
 * The payload of a call, valid or made so by tolerances. Fields that a tolerance accepts as missing (timestamp,
 * meterStart, meterStop) may be undefined whatever the type says.
 * @throws RpcError which field is wrong and why
 */
export function readRequest<A extends keyof Requests>(action: A, payload: unknown, peer: Peer): Requests[A] {
  const checked = check(`${action}Request`, payload);
  peer.tolerated(checked.tolerances, action);
  if (!checked.ok) throw new RpcError(checked.code, checked.reason);
  return checked.payload as Requests[A];
}

/** The payload of a CALLRESULT, valid or made so by tolerances; else which field is wrong and why. */
export function readResponse<A extends keyof Responses>(
  action: A,
  payload: unknown,
  peer: Peer,
): { readonly answer: Responses[A] } | { readonly reason: string } {
  const checked: Checked = check(`${action}Response`, payload);
  peer.tolerated(checked.tolerances, action);
  return checked.ok ? { answer: checked.payload as Responses[A] } : { reason: checked.reason };
}
