import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { msBetween } from '../domain/instant.js';
import { afterConnecting, leastProfile, withPasswordShown, type SecurityProfile } from '../domain/security.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Admission, AdmissionResult } from './charge-point-events.js';
import type { Verdict } from './credentials.js';
import type { Documents } from './documents.js';
import type { Placeholders } from './placeholders.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly judge: (chargePoint: ChargePoint, admission: Admission) => Promise<Verdict>;
  readonly placeholders: Placeholders | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whoever knocks in vain is listed, but no faster than this for one id, and no more ids than this. */
const UNKNOWN_EVERY_MS = 10_000;
const MAX_UNKNOWN = 1000;

/** A certificate that ends within this is spoken of, each time that it is shown. */
const EXPIRY_WARNING_MS = 30 * 86_400_000;

/** Lets charge points in, or says why not, at the HTTP upgrade. */
export function createAdmission(deps: Deps): (admission: Admission) => Promise<AdmissionResult> {
  const { store, documents, judge, placeholders, clock, logger } = deps;

  /** What letting it in says of its security is saved first: a crash must not bring an old password or profile back. */
  async function settle(chargePoint: ChargePoint, profile: SecurityProfile, passwordHash?: string): Promise<void> {
    const settled = (current: ChargePoint): ChargePoint => {
      const shown = passwordHash === undefined ? current : withPasswordShown(current, passwordHash);
      return afterConnecting(shown, profile);
    };
    if (settled(chargePoint) === chargePoint) return;
    const { id } = chargePoint;
    const saved = await documents.change('chargePoint', keyOf(id), (current) => current && settled(current));
    if (!saved) return;
    if (saved.body.passwordHash !== chargePoint.passwordHash) logger.info({ chargePoint: id }, 'new password in use');
    if (leastProfile(saved.body) !== leastProfile(chargePoint))
      logger.info(
        { chargePoint: id, securityProfile: leastProfile(saved.body) },
        'lower security profiles are refused from now on',
      );
  }

  function speakOfExpiry({ chargePointId, certificate }: Admission): void {
    const expiresAt = certificate?.expiresAt;
    if (expiresAt === undefined || msBetween(clock.now(), expiresAt) > EXPIRY_WARNING_MS) return;
    logger.warn({ chargePoint: chargePointId, expiresAt }, 'its certificate expires soon');
  }

  async function listUnknown({ chargePointId: id, remoteAddress }: Admission): Promise<void> {
    const key = keyOf(id);
    const now = clock.now();
    const listed = await store.get('unknownChargePoint', key);
    if (listed && msBetween(listed.body.lastSeenAt, now) < UNKNOWN_EVERY_MS) return;
    if (!listed && (await store.count('unknownChargePoint')) >= MAX_UNKNOWN) return;
    await documents.change('unknownChargePoint', key, (current) => ({
      id,
      remoteAddress,
      attempts: (current?.attempts ?? 0) + 1,
      firstSeenAt: current?.firstSeenAt ?? now,
      lastSeenAt: now,
    }));
  }

  return async (admission) => {
    const { chargePointId, remoteAddress } = admission;
    const known =
      (await store.get('chargePoint', keyOf(chargePointId)))?.body ?? (await placeholders?.adopt(chargePointId));
    if (!known) {
      await listUnknown(admission);
      logger.warn({ chargePoint: chargePointId, remoteAddress }, 'refused a charge point that is not known');
      return { result: 'unknown' };
    }
    const verdict = await judge(known, admission);
    if ('refusal' in verdict) {
      const { refusal, why } = verdict;
      const refused = { chargePoint: chargePointId, remoteAddress, why };
      // a flood must not flood the log: once in a window is enough to say that no more are looked at
      const quiet = refusal === 'limited' && !verdict.first;
      logger[quiet ? 'debug' : 'warn'](refused, 'refused a charge point');
      if (refusal !== 'limited') return { result: refusal };
      return { result: refusal, retryAfterS: Math.ceil(verdict.waitMs / 1000) };
    }
    await settle(known, verdict.profile, verdict.passwordHash);
    if (verdict.profile === 3) speakOfExpiry(admission);
    return { result: 'admitted', booted: known.bootedAt !== undefined };
  };
}
