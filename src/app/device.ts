import { withNotice, withVariables } from '../domain/device.js';
import { keyOf } from '../domain/ids.js';
import type { Clock, Logger } from '../ports.js';
import type { ChargePointEvents } from './charge-point-events.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly documents: Documents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isWholeReport: (requestId: number) => boolean;
}

/** Keeps what charge points tell of themselves, for the operator to look at. */
export function createDevice({
  documents,
  clock,
  logger,
  isWholeReport,
}: Deps): Pick<ChargePointEvents, 'deviceReported'> {
  return {
    async deviceReported(chargePointId, report) {
      const key = keyOf(chargePointId);
      const now = clock.now();
      if (report.type === 'variables') {
        const replaces = report.first && isWholeReport(report.requestId);
        await documents.change('deviceModel', key, (current) =>
          withVariables(current ?? { chargePointId, reportedAt: now, variables: {} }, report.variables, replaces, now),
        );
        return;
      }
      const { what, data } = report;
      logger.info({ chargePoint: chargePointId, what }, 'notice of a charge point');
      await documents.change('notices', key, (current) =>
        withNotice(current ?? { chargePointId, notices: [] }, { what, at: report.at ?? now, data }),
      );
    },
  };
}
