import type { ChargePoint } from './charge-point.js';
import type { Instant } from './instant.js';

/**
 * How a charge point's connection is secured (OCPP 1.6 security whitepaper §2, OCPP 2.0.1 part 2 §A.1): 0 not at all,
 * 1 a password, 2 TLS and a password, 3 TLS with a certificate of the charge point.
 */
export type SecurityProfile = 0 | 1 | 2 | 3;

/** A certificate that a charge point asked for and hasn't taken yet. */
export interface CertificateRequest {
  readonly csrPem: string;
  readonly at: Instant;
  /** OCPP 2.1: comes back with the certificate. */
  readonly requestId?: number | undefined;
  /** Once it is signed. */
  readonly chainPem?: string | undefined;
}

/** What became of a charge point's security beside what the operator has set. */
export interface SecurityState {
  /** The highest profile that it has connected with; a lower one is not let in any more. */
  readonly reached?: SecurityProfile | undefined;
  /** It was told to use a higher profile: until it has, this one is still let in. */
  readonly stillAllowed?: SecurityProfile | undefined;
  /** The operator has allowed a lower profile than it had reached: it does not rise by itself again. */
  readonly lowered?: boolean | undefined;
  /** Passwords that it may have been given and hasn't shown yet, oldest first; valid beside the present one. */
  readonly nextPasswordHashes?: readonly string[] | undefined;
  readonly certificateRequest?: CertificateRequest | undefined;
}

/** Passwords that may be on their way at once; each costs a wrong attempt one more scrypt. */
const MAX_NEXT_PASSWORDS = 3;

/** The lowest profile that is let in. */
export const leastProfile = ({ securityProfile, security }: ChargePoint): SecurityProfile =>
  higher(security?.stillAllowed ?? securityProfile, security?.reached ?? 0);

const higher = (a: SecurityProfile, b: SecurityProfile): SecurityProfile => (a > b ? a : b);

const withSecurity = (chargePoint: ChargePoint, changes: SecurityState): ChargePoint => ({
  ...chargePoint,
  security: { ...chargePoint.security, ...changes },
});

/** The charge point after a connection was let in: a profile once reached is kept. The same object when nothing is new. */
export function afterConnecting(chargePoint: ChargePoint, profile: SecurityProfile): ChargePoint {
  const { security, securityProfile } = chargePoint;
  const arrived = security?.stillAllowed !== undefined && profile >= securityProfile;
  const rises = profile > leastProfile(chargePoint) && security?.lowered !== true;
  if (!arrived && !rises) return chargePoint;
  return withSecurity(chargePoint, {
    ...(arrived && { stillAllowed: undefined }),
    ...(rises && { reached: profile }),
  });
}

/** The operator's word on the profile. `told`: the charge point is on its way to it, so what is let in now stays so till then. */
export function withProfile(chargePoint: ChargePoint, profile: SecurityProfile, told: boolean): ChargePoint {
  const least = leastProfile(chargePoint);
  return {
    ...withSecurity(chargePoint, {
      stillAllowed: told && profile > least ? least : undefined,
      reached: undefined,
      lowered: profile < least,
    }),
    securityProfile: profile,
  };
}

export const passwordHashesOf = ({ passwordHash, security }: ChargePoint): readonly string[] =>
  passwordHash === undefined ? [] : [passwordHash, ...(security?.nextPasswordHashes ?? [])];

/** A password that the charge point is being told: valid beside the present one until it has shown it. */
export const withNextPassword = (chargePoint: ChargePoint, hash: string): ChargePoint =>
  withSecurity(chargePoint, {
    nextPasswordHashes: [...(chargePoint.security?.nextPasswordHashes ?? []), hash].slice(-MAX_NEXT_PASSWORDS),
  });

export const withoutNextPassword = (chargePoint: ChargePoint, hash: string): ChargePoint =>
  withSecurity(chargePoint, {
    nextPasswordHashes: chargePoint.security?.nextPasswordHashes?.filter((each) => each !== hash),
  });

/**
 * The charge point has shown this password: those before it are void, later ones may still be on their way to it. The
 * same object when it is the present one.
 */
export function withPasswordShown(chargePoint: ChargePoint, hash: string): ChargePoint {
  const next = chargePoint.security?.nextPasswordHashes ?? [];
  const index = next.indexOf(hash);
  if (index < 0) return chargePoint;
  return { ...withSecurity(chargePoint, { nextPasswordHashes: next.slice(index + 1) }), passwordHash: hash };
}

/** The only password from now on. One that has a password is let in with it at least. */
export const withPassword = (chargePoint: ChargePoint, hash: string): ChargePoint => ({
  ...withSecurity(chargePoint, { nextPasswordHashes: undefined }),
  passwordHash: hash,
  securityProfile: profileUnlessSaid(chargePoint.securityProfile, true),
});

/** The lowest profile where nobody says otherwise: what it was, and a password when there is one. */
export const profileUnlessSaid = (before: SecurityProfile | undefined, hasPassword: boolean): SecurityProfile =>
  higher(before ?? 0, hasPassword ? 1 : 0);

export const withCertificateRequest = (
  chargePoint: ChargePoint,
  certificateRequest: CertificateRequest | undefined,
): ChargePoint => withSecurity(chargePoint, { certificateRequest });
