import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { leastProfile, passwordHashesOf, type SecurityProfile } from '../domain/security.js';
import type { AttemptKey, AttemptLimit, UsedUp } from './attempt-limit.js';
import type { Admission } from './charge-point-events.js';
import type { PasswordChecker } from './passwords.js';

export interface CredentialLimits {
  /** Wrong passwords of one charge point in a window, from wherever they come. */
  readonly maxFailures: number;
  /** Wrong passwords from one address in a window, for whatever charge point. */
  readonly maxFailuresPerAddress: number;
}

/** `passwordHash`: the password that was shown. */
export type Verdict =
  | { readonly profile: SecurityProfile; readonly passwordHash?: string | undefined }
  | { readonly refusal: 'unauthorized' | 'insecure'; readonly why: string }
  | ({ readonly refusal: 'limited'; readonly why: string } & UsedUp);

/**
 * Judges what a charge point shows of itself, and with which security profile it comes. What can be told without looking
 * at the password comes first: that costs some 50 ms of a processor.
 */
export function createCredentialCheck(deps: {
  readonly passwords: PasswordChecker;
  readonly attempts: AttemptLimit;
  readonly limits: CredentialLimits;
  /** Charge points without a password may come in (security profile 0). */
  readonly allowPlain: boolean;
  /** Nobody can have set a password for charge points that were not known. */
  readonly acceptUnknown: boolean;
}): (chargePoint: ChargePoint, admission: Admission) => Promise<Verdict> {
  const { passwords, attempts, limits } = deps;

  return async (chargePoint, admission) => {
    const least = leastProfile(chargePoint);
    const certificate = certificateProblem(chargePoint, admission);
    if (certificate === undefined) return { profile: 3 };
    const withPassword: SecurityProfile = admission.secure ? 2 : 1;
    if (withPassword < least) {
      const why = `security profile ${least} is the least that it may use${least === 3 ? `: ${certificate}` : ''}`;
      return { refusal: 'insecure', why };
    }
    const hashes = passwordHashesOf(chargePoint);
    if (hashes.length === 0) return withoutPassword(chargePoint, least);
    return byPassword(hashes, admission, withPassword);
  };

  function withoutPassword({ placeholder }: ChargePoint, least: SecurityProfile): Verdict {
    if (least > 0) return { refusal: 'unauthorized', why: 'no password is set for it' };
    return deps.allowPlain || (deps.acceptUnknown && placeholder)
      ? { profile: 0 }
      : { refusal: 'unauthorized', why: 'security profile 0 is not allowed' };
  }

  async function byPassword(
    hashes: readonly string[],
    { chargePointId, credentials, remoteAddress }: Admission,
    profile: SecurityProfile,
  ): Promise<Verdict> {
    if (!credentials) return { refusal: 'unauthorized', why: 'missing password' };
    const { password } = credentials;
    // one that has shown its password before comes in however often others have tried to
    const remembered = hashes.find((hash) => passwords.remembers(password, hash));
    if (remembered !== undefined) return { profile, passwordHash: remembered };
    const keys: readonly AttemptKey[] = [
      { key: `id ${keyOf(chargePointId)}`, max: limits.maxFailures },
      { key: `address ${networkOf(remoteAddress)}`, max: limits.maxFailuresPerAddress },
    ];
    const usedUp = attempts.begin(keys);
    if (usedUp) return { refusal: 'limited', why: 'too many wrong passwords', ...usedUp };
    for (const hash of hashes) {
      if (!(await passwords.check(password, hash))) continue;
      attempts.forgive(keys);
      return { profile, passwordHash: hash };
    }
    return { refusal: 'unauthorized', why: 'wrong password' };
  }
}

/** undefined: it is the charge point's own, of an authority that is trusted (OCPP 1.6 security whitepaper A00.FR.403 ff.). */
function certificateProblem(chargePoint: ChargePoint, { secure, certificate }: Admission): string | undefined {
  if (!secure || !certificate) return 'it shows no certificate';
  if (certificate.problem !== undefined) return `its certificate is not trusted (${certificate.problem})`;
  const own = certificate.names.some((name) => keyOf(name) === keyOf(chargePoint.id));
  return own ? undefined : 'its certificate is for another name';
}

/** Whoever has one IPv6 address usually has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
