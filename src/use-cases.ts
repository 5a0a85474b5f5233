import { createAdmission } from './app/admission.js';
import { createAfterBoot } from './app/after-boot.js';
import { createAuthorize } from './app/authorize.js';
import { createBilling } from './app/billing.js';
import type { ChargePointEvents } from './app/charge-point-events.js';
import { createChargePoints, type ChargePoints } from './app/charge-points.js';
import { createCommandRunner } from './app/command-runner.js';
import { createCorrections } from './app/corrections.js';
import { createDeliver } from './app/deliver.js';
import { createDeliveries, type Deliveries } from './app/deliveries.js';
import { createDevice } from './app/device.js';
import { createDeviations } from './app/deviations.js';
import { createDocuments } from './app/documents.js';
import { createImportSite } from './app/import-site.js';
import { createLearnDevice } from './app/learn-device.js';
import { createLocalLists } from './app/local-lists.js';
import { createNumbers } from './app/numbers.js';
import { createOnboarding, type Onboarding } from './app/onboard.js';
import { createOperate, type OperateChargePoint } from './app/operate.js';
import { createOutbox } from './app/outbox.js';
import { createFindOutlet } from './app/outlets.js';
import type { PartnerRequests } from './app/partner-requests.js';
import { createPasswordChecker } from './app/passwords.js';
import { createPermits } from './app/permits.js';
import { createPlaceholders } from './app/placeholders.js';
import { createPlaces } from './app/places.js';
import { createReserve } from './app/reserve.js';
import { createRunCommand } from './app/run-command.js';
import { createSessions } from './app/sessions.js';
import { createSweep, type Sweep } from './app/sweep.js';
import { createTokens } from './app/tokens.js';
import { createTransactionSteps } from './app/transaction-steps.js';
import { createTransactions } from './app/transactions.js';
import type { Config } from './config.js';
import { loadDialects } from './dialects-file.js';
import type { Party } from './domain/schema.js';
import type {
  ChargePointLink,
  Clock,
  Handshake,
  Job,
  JobOutcome,
  Logger,
  PartnerLink,
  Queue,
  Store,
  Vault,
} from './ports.js';
import { createSecurity, type Security } from './security.js';
import { ms } from './settings.js';

/** What the use cases stand on. */
export interface Foundations {
  readonly config: Config;
  readonly store: Store;
  readonly queue: Queue;
  readonly partnerLink: PartnerLink;
  readonly handshake: Handshake;
  readonly chargePointLink: ChargePointLink;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly party: Party;
  readonly versionsUrl: string;
}

/** What the edges and the start need of the use cases. */
export interface UseCases {
  readonly events: ChargePointEvents;
  readonly requests: PartnerRequests;
  readonly deliver: (job: Job) => Promise<JobOutcome>;
  readonly chargePoints: ChargePoints;
  readonly sweep: Sweep;
  readonly security: Security;
  readonly onboarding: Onboarding;
  readonly deliveries: Deliveries;
  readonly operate: OperateChargePoint;
  readonly importSite: ReturnType<typeof createImportSite>;
  /** Starts nothing more by itself; resolves when nothing runs on behind an answer. */
  settled(): Promise<void>;
}

/** Entries of a local list in one message: what the smallest charge points take. */
const LOCAL_LIST_CHUNK = 20;

/** Builds the use cases from the configuration. */
export function createUseCases(foundations: Foundations): UseCases {
  const { config, store, queue, partnerLink, handshake, chargePointLink, vault, clock, logger, party, versionsUrl } =
    foundations;
  const documents = createDocuments(store);
  const outbox = createOutbox({ store, documents, queue, logger });
  const places = createPlaces(store);
  const passwords = createPasswordChecker();
  const security = createSecurity({ config, store, documents, passwords, chargePointLink, clock, logger });
  const placeholders = config.acceptUnknown ? createPlaceholders({ documents, party, clock, logger }) : undefined;
  const billing = createBilling({ store, documents, places, outbox, clock, logger });
  const tokens = createTokens({ store, documents, partnerLink, clock, logger });
  const authorize = createAuthorize({
    store,
    documents,
    partnerLink,
    clock,
    logger,
    budgetMs: ms(config.authorizeBudget),
  });
  const chargePoints = createChargePoints({
    store,
    documents,
    outbox,
    placeholders,
    clock,
    logger,
    heartbeatIntervalS: Math.round(config.heartbeatInterval),
    offlineGraceMs: ms(config.offlineGrace),
  });
  const permits = createPermits({ documents, authorize, clock });
  const sessions = createSessions({
    store,
    documents,
    permits,
    places,
    outbox,
    clock,
    logger,
    party,
    currency: config.currency,
    lateStopWaitMs: ms(config.lateStopWait),
  });
  const deviations = createDeviations({ documents, clock, logger });
  const charges = { store, documents, permits, sessions, billing, outbox, clock, logger };
  const transactions = createTransactions({
    ...charges,
    transactionIds: createNumbers(store, 'transaction'),
    deviated: deviations.deviated,
  });
  const correct = createCorrections({
    store,
    documents,
    outbox,
    clock,
    logger,
    dialects: loadDialects(config.dialectsFile),
    deviated: deviations.deviated,
    clockEvidenceMs: ms(config.clockEvidence),
  });
  const transactionSteps = createTransactionSteps({
    ...charges,
    chargePoints,
    chargePointLink,
    lateStopWaitMs: ms(config.lateStopWait),
  });
  const findOutlet = createFindOutlet({ store, places, chargePointLink });
  const runner = createCommandRunner({
    chargePointLink,
    partnerLink,
    clock,
    logger,
    timeoutS: Math.ceil(config.commandTimeout),
  });
  const remote = { store, documents, findOutlet, runner, clock, logger };
  const commands = createRunCommand({
    ...remote,
    chargePointLink,
    remoteStartIds: createNumbers(store, 'remoteStart'),
  });
  const { reservationEnded, ...reservations } = createReserve({
    ...remote,
    partnerLink,
    reservationIds: createNumbers(store, 'reservation'),
  });
  const localLists = createLocalLists({
    store,
    documents,
    chargePointLink,
    logger,
    maxEntries: config.localListEntries,
    chunk: LOCAL_LIST_CHUNK,
  });
  const learnDevice = createLearnDevice({
    store,
    chargePointLink,
    reportIds: createNumbers(store, 'report'),
    logger,
  });
  const afterBoot = createAfterBoot(clock, ms(config.bootSettle), [
    (id) => learnDevice.learn(id),
    (id) => localLists.sync(id),
  ]);
  const onboarding = createOnboarding({
    store,
    documents,
    handshake,
    vault: vault,
    outbox,
    tokenSync: tokens,
    clock,
    logger,
    versionsUrl,
    roles: [{ role: 'CPO', ...party, businessDetails: config.businessDetails }],
  });
  const sweep = createSweep({
    store,
    sessions,
    billing,
    outbox,
    tokenSync: tokens,
    localLists,
    clock,
    logger,
    intervalMs: ms(config.sweepInterval),
    stopGraceMs: ms(config.stopGrace),
    meterRetentionMs: ms(config.meterRetention),
  });

  const events: ChargePointEvents = {
    admit: createAdmission({
      store,
      documents,
      judge: security.judge,
      placeholders,
      clock,
      logger,
    }),
    ...chargePoints,
    ...security.events(chargePoints),
    async booted(id, device) {
      const reply = await chargePoints.booted(id, device);
      if (reply.status === 'Accepted') afterBoot.booted(id);
      return reply;
    },
    ...transactions,
    ...transactionSteps,
    ...correct({ statusChanged: chargePoints.statusChanged, ...transactions, ...transactionSteps }),
    deviated: deviations.deviated,
    reservationEnded,
    ...createDevice({
      documents,
      clock,
      logger,
      isWholeReport: (requestId) => learnDevice.isWholeReport(requestId),
    }),
  };
  const requests: PartnerRequests = {
    authenticate: onboarding.authenticate,
    registration: onboarding.requests,
    tokens,
    commands: { ...commands, ...reservations },
  };

  return {
    events,
    requests,
    deliver: createDeliver({
      store,
      documents,
      partnerLink,
      outbox,
      clock,
      logger,
      giveUpAfterMs: ms(config.delivery.giveUpAfter),
    }),
    chargePoints,
    sweep,
    security,
    onboarding,
    deliveries: createDeliveries({ store, documents, outbox, queue }),
    operate: createOperate({ store, documents, chargePointLink, logger }),
    importSite: createImportSite({
      store,
      documents,
      outbox,
      chargePoints,
      chargePointLink,
      passwords,
      clock,
      logger,
      party,
    }),
    async settled() {
      afterBoot.stop();
      await Promise.all([security.settled(), runner.settled(), billing.settled(), deviations.settled()]);
    },
  };
}
