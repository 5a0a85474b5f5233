import type { ChargePoint } from '../domain/charge-point.js';
import type { Partner } from '../domain/partner.js';

/** A partner without its secrets. */
export function partnerView({ tokenHash, connection, ...partner }: Partner) {
  if (!connection) return { ...partner, hasToken: tokenHash !== undefined };
  const { sealedToken, ...visible } = connection;
  return { ...partner, hasToken: tokenHash !== undefined && sealedToken !== '', connection: visible };
}

/** A charge point without its password, and with whether it is connected. */
export const chargePointView = ({ passwordHash, grants, ...chargePoint }: ChargePoint, connected: boolean) => ({
  ...chargePoint,
  connected,
  hasPassword: passwordHash !== undefined,
  openGrants: grants.length,
});
