import type { TlsMaterial } from '../src/ports.js';

/** The bounds of the OCPP side. All are needed; the configuration holds their defaults. */
export interface OcppLimits {
  /** Until a call to a charge point has failed, and until one of its own is answered InternalError. */
  readonly callTimeoutMs: number;
  /** How long a command may wait for its turn and for the boot. */
  readonly commandWaitMs: number;
  /** After which a charge point that has booted before, and says nothing, gets commands. */
  readonly bootWaitMs: number;
  readonly pingIntervalMs: number;
  /** Without any sign of life (message, ping or pong) until a connection is dropped; looked at with every ping. */
  readonly idleTimeoutMs: number;
  /** For the opening handshake including admission, and for the closing one. */
  readonly upgradeTimeoutMs: number;
  readonly upgradesPerSecond: number;
  readonly maxConnections: number;
  /** A larger frame ends the connection with 1009. Four of them may wait to be sent to a charge point. */
  readonly maxFrameBytes: number;
  /** Calls of one charge point that wait before its socket is paused. */
  readonly maxQueuedCalls: number;
  /** Commands that wait for one charge point. */
  readonly maxPendingCommands: number;
  /** Malformed frames in a row until the connection is closed with 1002. */
  readonly maxBadFrames: number;
  /** Frames and pings of one charge point a second, and at once after a quiet time. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Beyond that: `slow` reads no faster, `refuse` answers calls with a CALLERROR, `close` ends the connection with 1008. */
  readonly onFlood: 'slow' | 'refuse' | 'close';
}

export interface TlsOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Asked at the start and every `reloadMs` after it. @throws Error when it can't be used */
  readonly load: () => Promise<TlsMaterial>;
  readonly reloadMs: number;
}

export interface OcppServerOptions {
  /** 0 takes a free one; undefined: connections without TLS are not taken. */
  readonly port: number | undefined;
  /** A second port, with TLS. */
  readonly tls?: TlsOptions | undefined;
  readonly host: string;
  /** In front of `/<chargePointId>`, e.g. `/ocpp`. */
  readonly pathPrefix: string;
  readonly limits: OcppLimits;
}
