import { join } from 'node:path';
import type { TlsOptions } from '../ocpp-adapters/options.js';
import { createAttemptLimit } from './app/attempt-limit.js';
import { createCertificates } from './app/certificates.js';
import type { ChargePointEvents } from './app/charge-point-events.js';
import { createCredentialCheck } from './app/credentials.js';
import type { Documents } from './app/documents.js';
import type { PasswordChecker } from './app/passwords.js';
import type { Config } from './config.js';
import { createTlsMaterial } from './pki/tls-material.js';
import type { ChargePointLink, Clock, Logger, Store } from './ports.js';
import { credentialLimits, ms, tlsFiles, tlsHostNames } from './settings.js';

interface Deps {
  readonly config: Config;
  readonly store: Store;
  readonly documents: Documents;
  readonly passwords: PasswordChecker;
  readonly chargePointLink: ChargePointLink;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Charge points and addresses of which wrong passwords are remembered. */
const MAX_ATTEMPT_KEYS = 10_000;
/** By then a charge point has asked again (OCPP 2.0.1 A02.FR.18: it repeats what isn't answered). */
const REQUEST_LIFETIME_MS = 7 * 86_400_000;

/** What guards the doors for charge points. */
export interface Security {
  readonly judge: ReturnType<typeof createCredentialCheck>;
  /** undefined: there is no TLS port. */
  readonly tls: TlsOptions | undefined;
  /** What certificates add to the events of charge points. */
  events(
    chargePoints: Pick<ChargePointEvents, 'connected'>,
  ): Pick<ChargePointEvents, 'connected' | 'certificateRequested'>;
  /** Resolves when no certificate is being signed or sent any more. */
  settled(): Promise<void>;
}

export function createSecurity(deps: Deps): Security {
  const { config, clock, logger } = deps;
  const { tlsPort, tlsReload, certificateDays, authFailureWindow } = config.ocpp;
  // its key is made, and what it needs is loaded, for those who use it
  const authority = once(async () => {
    const { openAuthority } = await import('./pki/authority.js');
    const opened = await openAuthority({
      folder: join(config.dataDir, 'ca'),
      organization: config.businessDetails.name,
      validityDays: certificateDays,
      clock,
    });
    logger.info({ file: opened.certificateFile }, 'certificate authority for charge points');
    return opened;
  });
  const certificates = createCertificates({
    ...deps,
    authority: {
      problemOf: async (id, csrPem) => (await authority()).problemOf(id, csrPem),
      sign: async (id, csrPem) => (await authority()).sign(id, csrPem),
    },
    requestLifetimeMs: REQUEST_LIFETIME_MS,
  });
  return {
    judge: createCredentialCheck({
      passwords: deps.passwords,
      attempts: createAttemptLimit(clock, { windowMs: ms(authFailureWindow), maxKeys: MAX_ATTEMPT_KEYS }),
      limits: credentialLimits(config),
      allowPlain: config.allowPlain,
      acceptUnknown: config.acceptUnknown,
    }),
    tls:
      tlsPort === undefined
        ? undefined
        : {
            port: tlsPort,
            load: createTlsMaterial(tlsFiles(config), authority, tlsHostNames(config)),
            reloadMs: ms(tlsReload),
          },
    events: (chargePoints) => ({
      certificateRequested: (id, request) => certificates.certificateRequested(id, request),
      async connected(id, protocol) {
        await chargePoints.connected(id, protocol);
        certificates.resume(id);
      },
    }),
    settled: certificates.settled,
  };
}

/** Makes it at the first use, and again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
