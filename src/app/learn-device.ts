import { keyOf } from '../domain/ids.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import type { Numbers } from './numbers.js';

interface Deps {
  readonly store: Store;
  readonly chargePointLink: Pick<ChargePointLink, 'send'>;
  readonly reportIds: Numbers;
  readonly logger: Logger;
}

export interface LearnDevice {
  /** Asks, unless the device model is known; runs on after the boot was answered. */
  learn(chargePointId: string): void;
  /** Is this a report of everything that we asked for? Said once, for its first part; others add to what is known. */
  isWholeReport(requestId: number): boolean;
}

/**
 * Asks a charge point that has just booted for its device model, unless it is known; versions without one are not asked.
 * The report comes by itself, in parts (OCPP 2.0.1 §B07).
 */
export function createLearnDevice({ store, chargePointLink, reportIds, logger }: Deps): LearnDevice {
  const whole = new Set<number>();

  async function ask(chargePointId: string): Promise<void> {
    if (await store.get('deviceModel', keyOf(chargePointId))) return;
    const requestId = Number(await reportIds.next());
    whole.add(requestId);
    const { status } = await chargePointLink.send(chargePointId, { type: 'getReport', requestId });
    if (status !== 'accepted') whole.delete(requestId);
    if (status !== 'not-supported') logger.info({ chargePoint: chargePointId, status }, 'asked for the device model');
  }

  return {
    learn(chargePointId) {
      ask(chargePointId).catch((error: unknown) =>
        logger.warn({ chargePoint: chargePointId, err: error }, 'could not ask for the device model'),
      );
    },
    isWholeReport: (requestId) => whole.delete(requestId),
  };
}
