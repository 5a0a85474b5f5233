import type { OcpiServerLimits } from '../ocpi-modules/server.js';
import type { OcppLimits } from '../ocpp-adapters/options.js';
import type { CredentialLimits } from './app/credentials.js';
import type { Config } from './config.js';
import type { TlsFiles } from './pki/tls-material.js';

/** The configuration in the words and units of the parts that it is for. */
export const ms = (seconds: number): number => Math.round(seconds * 1000);

export const ocppLimits = ({ ocpp }: Config): OcppLimits => ({
  callTimeoutMs: ms(ocpp.callTimeout),
  commandWaitMs: ms(ocpp.commandWait),
  bootWaitMs: ms(ocpp.bootWait),
  pingIntervalMs: ms(ocpp.pingInterval),
  idleTimeoutMs: ms(ocpp.idleTimeout),
  upgradeTimeoutMs: ms(ocpp.upgradeTimeout),
  upgradesPerSecond: ocpp.upgradesPerSecond,
  maxConnections: ocpp.maxConnections,
  maxFrameBytes: ocpp.maxFrameBytes,
  maxQueuedCalls: ocpp.maxQueuedCalls,
  maxPendingCommands: ocpp.maxPendingCommands,
  maxBadFrames: ocpp.maxBadFrames,
  messagesPerSecond: ocpp.messagesPerSecond,
  messageBurst: ocpp.messageBurst,
  onFlood: ocpp.onFlood,
});

export const credentialLimits = ({ ocpp }: Config): CredentialLimits => ({
  maxFailures: ocpp.maxAuthFailures,
  maxFailuresPerAddress: ocpp.maxAuthFailuresPerAddress,
});

export const tlsFiles = ({ ocpp }: Config): TlsFiles => ({
  certificate: ocpp.tlsCertFile,
  key: ocpp.tlsKeyFile,
  clientAuthorities: ocpp.tlsClientCaFile,
});

export const tlsHostNames = ({ ocpp }: Config): readonly string[] =>
  ocpp.tlsHostNames
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export const ocpiLimits = ({ ocpi }: Config): OcpiServerLimits => ({
  maxBodyBytes: ocpi.maxBodyBytes,
  maxPageSize: ocpi.maxPageSize,
  requestTimeoutMs: ms(ocpi.requestTimeout),
});

export const ocpiClientOptions = ({ ocpi, allowPrivateNetworks }: Config) => ({
  timeoutMs: ms(ocpi.requestTimeout),
  maxBodyBytes: ocpi.maxBodyBytes,
  pageSize: ocpi.pullPageSize,
  maxPages: ocpi.maxPages,
  urlPolicy: { allowPrivateNetworks },
});

export const queueOptions = ({ delivery }: Config) => ({
  concurrencyPerPartner: delivery.concurrency,
  backoffBaseMs: ms(delivery.backoffBase),
  backoffMaxMs: ms(delivery.backoffMax),
  retryAfterMaxMs: ms(delivery.retryAfterMax),
  circuitFailures: delivery.circuitFailures,
  circuitOpenMs: ms(delivery.circuitOpen),
});
