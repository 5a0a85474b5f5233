import type { Deliveries } from '../app/deliveries.js';
import type { createImportSite } from '../app/import-site.js';
import type { Onboarding } from '../app/onboard.js';
import type { OperateChargePoint } from '../app/operate.js';
import type { Site } from '../domain/site.js';
import type { ChargePointLink, Logger, Store } from '../ports.js';
import type { Metrics } from './metrics.js';

/** What the operator's routes work with. */
export interface OperatorDeps {
  readonly store: Store;
  readonly onboarding: Onboarding;
  readonly deliveries: Deliveries;
  readonly operate: OperateChargePoint;
  readonly importSite: ReturnType<typeof createImportSite>;
  /** Reads a site file's content. @throws DomainError `invalid-input` */
  readonly readSite: (content: unknown) => Site;
  readonly chargePointLink: ChargePointLink;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Who knows it may do everything here. */
  readonly key: string;
  readonly isReady: () => boolean;
  readonly maxBodyBytes: number;
}
