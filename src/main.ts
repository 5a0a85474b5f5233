import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createHandshake } from '../ocpi-modules/handshake.js';
import { createPartnerLink } from '../ocpi-modules/partner-link.js';
import { createOcpiServer, versionsUrlOf } from '../ocpi-modules/server.js';
import { createOcppServer } from '../ocpp-adapters/server.js';
import { createAdmission } from './app/admission.js';
import { createAuthorize } from './app/authorize.js';
import { createBilling } from './app/billing.js';
import type { ChargePointEvents } from './app/charge-point-events.js';
import { createChargePoints } from './app/charge-points.js';
import { createCommandRunner } from './app/command-runner.js';
import { createDeliver } from './app/deliver.js';
import { createDeliveries } from './app/deliveries.js';
import { createCorrections } from './app/corrections.js';
import { createDevice } from './app/device.js';
import { createDeviations } from './app/deviations.js';
import { createDocuments } from './app/documents.js';
import { createImportSite } from './app/import-site.js';
import { createLearnDevice } from './app/learn-device.js';
import { createLocalLists } from './app/local-lists.js';
import { createNumbers } from './app/numbers.js';
import { createOnboarding } from './app/onboard.js';
import { createOperate } from './app/operate.js';
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
import { createSweep } from './app/sweep.js';
import { createTokens } from './app/tokens.js';
import { createTransactionSteps } from './app/transaction-steps.js';
import { createTransactions } from './app/transactions.js';
import { systemClock } from './clock.js';
import { publicUrl, type Config } from './config.js';
import { loadDialects } from './dialects-file.js';
import { openKeys, operatorUrlFile } from './keys.js';
import { createMetrics } from './operator/metrics.js';
import { createOperatorServer } from './operator/server.js';
import type { ChargePointLink, Logger } from './ports.js';
import { createInProcessQueue } from './queue/in-process.js';
import { createSecurity } from './security.js';
import { readSite } from './site-file.js';
import { ms, ocpiClientOptions, ocpiLimits, ocppLimits, queueOptions } from './settings.js';
import { createSqliteStore } from './storage/sqlite/store.js';

/** A running bridge. */
export interface Bridge {
  /** 0: connections without TLS are not taken. */
  readonly ocppPort: number;
  /** 0: there is none. */
  readonly ocppTlsPort: number;
  readonly ocpiPort: number;
  readonly operatorPort: number;
  readonly operatorKey: string;
  readonly versionsUrl: string;
  /** Stops in order: no new work, what runs is finished, all is saved. */
  stop(): Promise<void>;
}

/** How many writes share a commit at most. */
const MAX_BATCH = 1000;
/** Entries of a local list in one message: what the smallest charge points take. */
const LOCAL_LIST_CHUNK = 20;
/** How long a backup program may lock the data file. */
const BUSY_TIMEOUT_MS = 5000;

export const createLogger = (config: Config): Logger =>
  pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });

/**
 * Builds the bridge and starts it; resolves when it is ready. Order: the store, what it says is due, then the doors.
 * @throws when a port is taken or the data file can't be used
 */
export async function startBridge(config: Config, logger: Logger): Promise<Bridge> {
  const clock = systemClock;
  const party = { countryCode: config.countryCode, partyId: config.partyId };
  const keys = openKeys(config.dataDir);
  const ocpiPort = config.ocpiPort === 0 ? await freePort(config.host) : config.ocpiPort;
  const baseUrl = publicUrl(config, ocpiPort);
  const versionsUrl = versionsUrlOf(baseUrl);
  let ready = false;
  const isReady = (): boolean => ready;

  const store = createSqliteStore({
    file: join(config.dataDir, 'roambridge.db'),
    clock,
    logger,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    maxBatch: MAX_BATCH,
    cachedDocuments: config.cachedDocuments,
  });
  const queue = createInProcessQueue({ clock, logger, random: Math.random, ...queueOptions(config) });
  const clientOptions = ocpiClientOptions(config);
  const partnerLink = createPartnerLink({ vault: keys.vault, clock, logger, party, options: clientOptions });
  const handshake = createHandshake({ vault: keys.vault, logger, options: clientOptions });

  // the OCPP server needs the use cases first, and they need its link
  const chargePointLink: ChargePointLink = {
    isConnected: (id) => ocpp.link.isConnected(id),
    protocolOf: (id) => ocpp.link.protocolOf(id),
    send: (id, command) => ocpp.link.send(id, command),
    disconnect: (id, reason) => ocpp.link.disconnect(id, reason),
  };

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
  const onboarding = createOnboarding({
    store,
    documents,
    handshake,
    vault: keys.vault,
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
      if (reply.status === 'Accepted') {
        learnDevice.learn(id);
        localLists.sync(id);
      }
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
  const ocpp = createOcppServer({
    port: config.ocpp.plain ? config.ocppPort : undefined,
    tls: security.tls,
    host: config.host,
    pathPrefix: '/ocpp',
    events,
    clock,
    log: logger,
    limits: ocppLimits(config),
  });
  const ocpi = createOcpiServer({
    store,
    requests,
    publicUrl: baseUrl,
    party,
    clock,
    logger,
    limits: ocpiLimits(config),
    urlPolicy: clientOptions.urlPolicy,
    isReady,
  });
  const operator = createOperatorServer({
    store,
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
    readSite,
    chargePointLink,
    metrics: createMetrics(() => ({ ...ocpp.counters() }), queue),
    logger,
    key: keys.operatorKey,
    isReady,
    maxBodyBytes: SITE_FILE_BYTES,
  });

  async function stop(): Promise<void> {
    ready = false;
    const timeoutMs = ms(config.shutdownTimeout);
    rmSync(operatorUrlFile(config.dataDir), { force: true });
    await Promise.all([ocpp.stop(timeoutMs), operator.stop()]);
    chargePoints.stop();
    await Promise.all([security.settled(), runner.settled(), billing.settled(), deviations.settled()]);
    await queue.stop(timeoutMs);
    await ocpi.close(timeoutMs);
    await sweep.stop();
    await store.close();
    logger.info('stopped');
  }

  try {
    queue.start(
      createDeliver({
        store,
        documents,
        partnerLink,
        outbox,
        clock,
        logger,
        giveUpAfterMs: ms(config.delivery.giveUpAfter),
      }),
    );
    await chargePoints.expectAll();
    await sweep.start();
    await ocpi.listen(ocpiPort, config.host);
    await ocpp.start();
    const operatorPort = await operator.listen(config.operatorPort);
    writeFileSync(operatorUrlFile(config.dataDir), `http://127.0.0.1:${operatorPort}\n`, { mode: 0o600 });
    ready = true;
    logger.info(
      { ocpp: ocpp.port, ocppTls: ocpp.tlsPort, ocpi: ocpiPort, operator: operatorPort, versionsUrl },
      'ready',
    );
    return {
      ocppPort: ocpp.port,
      ocppTlsPort: ocpp.tlsPort,
      ocpiPort,
      operatorPort,
      operatorKey: keys.operatorKey,
      versionsUrl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A site file of ten thousand EVSEs fits. */
const SITE_FILE_BYTES = 64 * 1024 * 1024;

/** Partners are told our URL before the port is opened, so a free port has to be known by its number first. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Runs the bridge until SIGINT or SIGTERM. */
export async function runUntilSignal(config: Config): Promise<void> {
  const logger = createLogger(config);
  const bridge = await startBridge(config, logger);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        logger.info({ signal }, 'stopping');
        resolve();
      });
    }
  });
  await bridge.stop();
}
