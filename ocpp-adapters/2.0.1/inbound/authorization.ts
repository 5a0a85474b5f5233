import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';
import type { AuthorizationReply } from '../../../src/app/charge-point-events.js';
import type { Peer } from '../../adapter.js';
import { revocationsOf } from './certificates.js';
import type { Handler } from './handler.js';

/** OCPP 2.0.1 §3.4 AuthorizationStatusEnumType of every reply. */
const authorizationStatuses = {
  Accepted: 'Accepted',
  BLOCKED: 'Blocked',
  EXPIRED: 'Expired',
  NO_CREDIT: 'NoCredit',
  // "known, but not allowed to charge at the given location" (OCPI 2.2.1 §12.4.1)
  NOT_ALLOWED: 'NotAtThisLocation',
  UNKNOWN: 'Unknown',
  UNREACHABLE: 'Invalid',
} as const satisfies Record<AuthorizationReply['status'], messages.AuthorizationStatusEnumType>;

/** What the charging station is told of a driver; the group is only a name that drivers share. */
export const idTokenInfoOf = (reply: AuthorizationReply): messages.IdTokenInfoType => ({
  status: authorizationStatuses[reply.status],
  ...(reply.status === 'Accepted' &&
    reply.groupIdTag !== undefined && { groupIdToken: { idToken: reply.groupIdTag, type: 'Central' } }),
});

/** The uid of a driver's token; undefined for one that names nobody, as of a start button (OCPP 2.0.1 §C02). */
export function idTagOf(token: { readonly idToken: string; readonly type: string } | undefined): string | undefined {
  const uid = token?.type === 'NoAuthorization' ? '' : token?.idToken.trim();
  return uid === '' ? undefined : uid;
}

/** OCPP 2.0.1 §C01–C07 Authorize; certificate data of a contract is checked where there is somebody to ask. */
export const authorize: Handler<messages.AuthorizeRequest> = async (request, _call, peer) => {
  const certificateStatus = await certificateStatusOf(request, peer);
  const idTag = certificateStatus === 'CertificateRevoked' ? undefined : idTagOf(request.idToken);
  const payload: messages.AuthorizeResponse = {
    idTokenInfo:
      idTag === undefined
        ? { status: 'Invalid' }
        : idTokenInfoOf(await peer.events.authorizeAsked(peer.chargePointId, idTag)),
    ...(certificateStatus && { certificateStatus }),
  };
  return { payload };
};

/** Undefined: no certificate was shown (OCPP 2.0.1 §C07). */
async function certificateStatusOf(
  { certificate, iso15118CertificateHashData: hashes }: messages.AuthorizeRequest,
  peer: Peer,
): Promise<messages.AuthorizeCertificateStatusEnumType | undefined> {
  if (certificate === undefined && hashes === undefined) return undefined;
  const revocations = await revocationsOf(
    (hashes ?? []).map((hash) => ({ certificate: hash, urls: [hash.responderURL] })),
    peer,
  );
  if (revocations.some((each) => each?.status === 'Revoked')) return 'CertificateRevoked';
  const allGood = revocations.length > 0 && revocations.every((each) => each?.status === 'Good');
  return allGood ? 'Accepted' : 'NoCertificateAvailable';
}
