import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createHandshake } from '../ocpi-modules/handshake.js';
import { createPartnerLink } from '../ocpi-modules/partner-link.js';
import { createOcpiServer, versionsUrlOf } from '../ocpi-modules/server.js';
import { createOcppServer } from '../ocpp-adapters/server.js';
import { systemClock } from './clock.js';
import { publicUrl, type Config } from './config.js';
import { openKeys, operatorUrlFile } from './keys.js';
import { createMetrics } from './operator/metrics.js';
import { createOperatorServer } from './operator/server.js';
import type { ChargePointLink, Logger } from './ports.js';
import { createInProcessQueue } from './queue/in-process.js';
import { readSite } from './site-file.js';
import { ms, ocpiClientOptions, ocpiLimits, ocppLimits, queueOptions } from './settings.js';
import { createSqliteStore } from './storage/sqlite/store.js';
import { createUseCases } from './use-cases.js';

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

  const useCases = createUseCases({
    config,
    store,
    queue,
    partnerLink,
    handshake,
    chargePointLink,
    vault: keys.vault,
    clock,
    logger,
    party,
    versionsUrl,
  });
  const ocpp = createOcppServer({
    port: config.ocpp.plain ? config.ocppPort : undefined,
    tls: useCases.security.tls,
    host: config.host,
    pathPrefix: '/ocpp',
    events: useCases.events,
    clock,
    log: logger,
    limits: ocppLimits(config),
  });
  const ocpi = createOcpiServer({
    store,
    requests: useCases.requests,
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
    ...useCases,
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
    useCases.chargePoints.stop();
    await useCases.settled();
    await queue.stop(timeoutMs);
    await ocpi.close(timeoutMs);
    await useCases.sweep.stop();
    await store.close();
    logger.info('stopped');
  }

  try {
    queue.start(useCases.deliver);
    await useCases.chargePoints.expectAll();
    await useCases.sweep.start();
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
