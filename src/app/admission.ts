import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { msBetween } from '../domain/instant.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { Admission, AdmissionResult } from './charge-point-events.js';
import type { Documents } from './documents.js';
import type { PasswordChecker } from './passwords.js';
import type { Placeholders } from './placeholders.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly passwords: PasswordChecker;
  readonly placeholders: Placeholders | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Charge points without a password may come in (OCPP security profile 0). */
  readonly allowPlain: boolean;
}

/** Whoever knocks in vain is listed, but no faster than this for one id, and no more ids than this. */
const UNKNOWN_EVERY_MS = 10_000;
const MAX_UNKNOWN = 1000;

/** Lets charge points in, or says why not, at the HTTP upgrade. */
export function createAdmission(deps: Deps): (admission: Admission) => Promise<AdmissionResult> {
  const { store, documents, passwords, placeholders, clock, logger } = deps;

  async function isAuthorized(chargePoint: ChargePoint, { credentials }: Admission): Promise<boolean> {
    if (chargePoint.passwordHash === undefined) return deps.allowPlain;
    return credentials !== undefined && (await passwords.check(credentials.password, chargePoint.passwordHash));
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
    if (!(await isAuthorized(known, admission))) {
      logger.warn({ chargePoint: chargePointId, remoteAddress }, 'refused a charge point: wrong or missing password');
      return { result: 'unauthorized' };
    }
    return { result: 'admitted', booted: known.bootedAt !== undefined };
  };
}
