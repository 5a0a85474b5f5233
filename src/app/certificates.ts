import { DomainError } from '../domain/errors.js';
import type { ChargePoint } from '../domain/charge-point.js';
import { keyOf } from '../domain/ids.js';
import { msBetween } from '../domain/instant.js';
import { leastProfile, withCertificateRequest, type CertificateRequest } from '../domain/security.js';
import type { CertificateAuthority, ChargePointLink, Clock, Logger, Store } from '../ports.js';
import type { ChargePointEvents } from './charge-point-events.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly authority: CertificateAuthority;
  readonly chargePointLink: ChargePointLink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A request that could not be answered for so long is dropped; the charge point will have asked again. */
  readonly requestLifetimeMs: number;
}

export interface Certificates extends Pick<ChargePointEvents, 'certificateRequested'> {
  /** To be called when a charge point has connected: sends it what it still waits for. Never throws. */
  resume(chargePointId: string): void;
  /** Resolves when nothing is being signed or sent any more. */
  readonly settled: () => Promise<void>;
}

/**
 * Certificates that charge points ask for (OCPP 1.6 security whitepaper A02, OCPP 2.0.1 §A02): the request is kept with
 * the charge point until it has taken the certificate, so a crash or a lost connection in between only delays it.
 */
export function createCertificates(deps: Deps): Certificates {
  const { store, documents, authority, chargePointLink, clock, logger } = deps;
  const running = new Map<string, Promise<void>>();

  const change = (id: string, decide: (current: ChargePoint) => ChargePoint) =>
    documents.change('chargePoint', keyOf(id), (current) => current && decide(current));

  /** Changes the request that is kept, unless it was replaced by another one meanwhile. */
  const update = (id: string, request: CertificateRequest, next: CertificateRequest | undefined) =>
    change(id, (current) =>
      current.security?.certificateRequest?.csrPem === request.csrPem ? withCertificateRequest(current, next) : current,
    );

  async function signed(id: string, request: CertificateRequest): Promise<CertificateRequest & { chainPem: string }> {
    const { chainPem } = request;
    if (chainPem !== undefined) return { ...request, chainPem };
    const done = { ...request, chainPem: await authority.sign(id, request.csrPem) };
    // kept, so that a request has one certificate however often it has to be sent
    await update(id, request, done);
    return done;
  }

  async function answer(id: string): Promise<void> {
    const chargePoint = (await store.get('chargePoint', keyOf(id)))?.body;
    const request = chargePoint?.security?.certificateRequest;
    if (!chargePoint || !request) return;
    if (msBetween(request.at, clock.now()) > deps.requestLifetimeMs) {
      await update(id, request, undefined);
      logger.warn({ chargePoint: id, requestedAt: request.at }, 'certificate request dropped: too old');
      return;
    }
    const { chainPem, requestId } = await signed(chargePoint.id, request);
    const outcome = await chargePointLink.send(id, { type: 'certificateSigned', chainPem, requestId });
    const { status, message } = outcome;
    logger.info({ chargePoint: id, status, reason: message }, 'signed certificate sent');
    // anything else: it wasn't asked or didn't answer, and is asked again when it comes back
    const final = status === 'accepted' || status === 'rejected' || status === 'not-supported' || status === 'invalid';
    if (final) await update(id, request, undefined);
  }

  async function tryAnswer(id: string): Promise<void> {
    try {
      await answer(id);
    } catch (error) {
      logger.error({ chargePoint: id, err: error }, 'certificate could not be signed');
      if (error instanceof DomainError) await change(id, (current) => withCertificateRequest(current, undefined));
    }
  }

  /** One at a time for a charge point. */
  function run(id: string): void {
    const key = keyOf(id);
    const turn = (running.get(key) ?? Promise.resolve())
      .then(() => tryAnswer(id))
      .catch((error: unknown) => logger.error({ chargePoint: id, err: error }, 'certificate request failed'));
    running.set(key, turn);
    void turn.then(() => {
      if (running.get(key) === turn) running.delete(key);
    });
  }

  async function problemOf(chargePoint: ChargePoint | undefined, csrPem: string): Promise<string | undefined> {
    if (!chargePoint) return 'the charge point is not known';
    // whoever knows its id could get the certificate with which to take its place
    if (chargePoint.passwordHash === undefined && leastProfile(chargePoint) < 3)
      return 'the charge point is not authenticated: set a password first';
    return authority.problemOf(chargePoint.id, csrPem);
  }

  return {
    async certificateRequested(id, { csrPem, use, requestId }) {
      if (use === 'V2GCertificate') {
        logger.info({ chargePoint: id, use }, 'certificate refused: there is no provider of V2G certificates');
        return false;
      }
      const problem = await problemOf((await store.get('chargePoint', keyOf(id)))?.body, csrPem);
      if (problem !== undefined) {
        logger.warn({ chargePoint: id, reason: problem }, 'certificate refused');
        return false;
      }
      await change(id, (current) => withCertificateRequest(current, { csrPem, requestId, at: clock.now() }));
      logger.info({ chargePoint: id }, 'certificate requested');
      // the answer to the request goes first
      clock.after(0, () => run(id));
      return true;
    },
    resume: run,
    async settled() {
      await Promise.all(running.values());
    },
  };
}
