import type { ChargePoint } from '../domain/charge-point.js';
import type { Partner } from '../domain/partner.js';

/** A partner without its secrets. */
export function partnerView({ tokenHash, connection, ...partner }: Partner) {
  if (!connection) return { ...partner, hasToken: tokenHash !== undefined };
  const { sealedToken, ...visible } = connection;
  return { ...partner, hasToken: tokenHash !== undefined && sealedToken !== '', connection: visible };
}

/** A charge point without its passwords and requests, and with whether it is connected. */
export function chargePointView({ passwordHash, security, grants, ...chargePoint }: ChargePoint, connected: boolean) {
  const { nextPasswordHashes = [], certificateRequest, ...profile } = security ?? {};
  return {
    ...chargePoint,
    ...profile,
    connected,
    hasPassword: passwordHash !== undefined,
    passwordPending: nextPasswordHashes.length > 0,
    certificatePending: certificateRequest !== undefined,
    openGrants: grants.length,
  };
}
