import { decide, mustAsk, type Decision, type EmspAnswer, type Refusal } from '../domain/authorization.js';
import type { AuthMethod, ChargePoint } from '../domain/charge-point.js';
import { keyOf, maskUid } from '../domain/ids.js';
import { msBetween } from '../domain/instant.js';
import { endpointUrl, isConnected, type Partner } from '../domain/partner.js';
import { tokenKey, type StoredToken, type Token } from '../domain/token.js';
import type { Clock, Logger, PartnerLink, Store } from '../ports.js';
import type { Documents } from './documents.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly partnerLink: PartnerLink;
  readonly clock: Clock;
  readonly logger: Logger;
  /** ms for the whole decision. */
  readonly budgetMs: number;
}

export type Authorization =
  | {
      readonly allowed: true;
      readonly partnerId: string;
      readonly token: Token;
      readonly authMethod: AuthMethod;
      readonly authorizationReference?: string | undefined;
    }
  | { readonly allowed: false; readonly reason: Refusal };

/** Use is noted no finer than this: a fleet's card may be tapped all day. */
const LATELY_MS = 10 * 60_000;

export type Authorize = (chargePoint: ChargePoint, idTag: string) => Promise<Authorization>;

/** A partner that may know the token, with what we know of it. */
interface Candidate {
  readonly partner: Partner;
  readonly cached: Token | undefined;
}

/**
 * May this idTag charge here (design.md, Authorization)? Tokens that we know decide, or their eMSP is asked; nobody
 * known: all partners that answer such questions are asked side by side, and the first ALLOWED wins.
 */
export function createAuthorize(deps: Deps): Authorize {
  const { store, documents, partnerLink, clock, logger, budgetMs } = deps;

  async function candidatesFor(idTag: string): Promise<readonly Candidate[]> {
    const partners = (await store.find('partner')).map(({ body }) => body).filter(isConnected);
    const tokens = (await store.find('token', { where: { uid: keyOf(idTag) } })).map(({ body }) => body);
    const known = tokens.flatMap(({ partnerId, token }: StoredToken) => {
      const partner = partners.find(({ id }) => id === partnerId);
      return partner ? [{ partner, cached: token }] : [];
    });
    if (known.length > 0) return known;
    return partners
      .filter((partner) => endpointUrl(partner, 'tokens', 'SENDER') !== undefined)
      .map((partner) => ({ partner, cached: undefined }));
  }

  async function consider(chargePoint: ChargePoint, idTag: string, candidate: Candidate): Promise<Authorization> {
    const { partner, cached } = candidate;
    const answer = mustAsk(cached) ? await ask(chargePoint, idTag, candidate) : undefined;
    const decision = atThisPlace(chargePoint, decide(cached, answer), answer);
    logger.info(
      {
        chargePoint: chargePoint.id,
        partner: partner.id,
        token: maskUid(idTag),
        asked: answer?.kind,
        ...(answer?.kind === 'unreachable' && { reason: answer.reason }),
        decision: decision.allowed ? 'allowed' : decision.reason,
      },
      'authorization',
    );
    if (!decision.allowed) return decision;
    const told = answer?.kind === 'verdict' ? answer.token : undefined;
    const token = told ?? cached;
    if (!token) return { allowed: false, reason: 'UNKNOWN' };
    await remember(partner, token);
    return {
      allowed: true,
      partnerId: partner.id,
      token,
      authMethod: decision.authMethod,
      authorizationReference: decision.authorizationReference,
    };
  }

  const ask = (chargePoint: ChargePoint, idTag: string, { partner, cached }: Candidate): Promise<EmspAnswer> =>
    partnerLink.authorize(partner, {
      uid: cached?.uid ?? idTag,
      type: cached?.type ?? 'RFID',
      ...(chargePoint.locationId !== undefined && {
        locationId: chargePoint.locationId,
        evseUids: [...new Set(Object.values(chargePoint.evses))],
      }),
      timeoutMs: budgetMs,
    });

  /**
   * A token that we did not know, or that changed, becomes known by the answer (OCPI 2.2.1 §12.3.1); that it charged here
   * counts for local lists.
   */
  async function remember(partner: Partner, token: Token): Promise<void> {
    const now = clock.now();
    await documents.change('token', tokenKey(token), (current) => {
      const newer = !current || current.token.last_updated < token.last_updated;
      const lately = current?.lastUsedAt !== undefined && msBetween(current.lastUsedAt, now) < LATELY_MS;
      if (current && !newer && lately) return current;
      return { partnerId: partner.id, token: newer ? token : current.token, lastUsedAt: now };
    });
  }

  return async (chargePoint, idTag) => {
    const candidates = await candidatesFor(idTag);
    if (candidates.length === 0) return { allowed: false, reason: 'UNKNOWN' };
    return firstAllowed(
      candidates.map((candidate) => consider(chargePoint, idTag, candidate)),
      clock,
      budgetMs,
    );
  };
}

/** The eMSP may allow only some EVSEs (OCPI 2.2.1 §12.3.1): none of this charge point's is a refusal here. */
function atThisPlace(chargePoint: ChargePoint, decision: Decision, answer: EmspAnswer | undefined): Decision {
  const allowed = answer?.kind === 'verdict' ? answer.evseUids : undefined;
  if (!decision.allowed || !allowed || allowed.length === 0) return decision;
  const here = new Set(Object.values(chargePoint.evses).map(keyOf));
  return allowed.some((uid) => here.has(keyOf(uid))) ? decision : { allowed: false, reason: 'NOT_ALLOWED' };
}

/** A verdict says more than silence, and silence more than "never heard of it". */
const weight: Readonly<Record<Refusal, number>> = {
  BLOCKED: 3,
  EXPIRED: 3,
  NO_CREDIT: 3,
  NOT_ALLOWED: 3,
  UNREACHABLE: 2,
  UNKNOWN: 1,
};

/** The first that is allowed, at once; when none is, the weightiest refusal. The budget ends the wait, refusing. */
function firstAllowed(
  pending: readonly Promise<Authorization>[],
  clock: Clock,
  budgetMs: number,
): Promise<Authorization> {
  return new Promise((resolve, reject) => {
    let open = pending.length;
    let refusal: Authorization & { allowed: false } = { allowed: false, reason: 'UNKNOWN' };
    const cancel = clock.after(budgetMs, () => resolve({ allowed: false, reason: 'UNREACHABLE' }));
    const finish = (result: Authorization): void => {
      cancel();
      resolve(result);
    };
    for (const each of pending) {
      each.then(
        (result) => {
          open -= 1;
          if (result.allowed) {
            finish(result);
            return;
          }
          if (weight[result.reason] > weight[refusal.reason]) refusal = result;
          if (open === 0) finish(refusal);
        },
        (error: unknown) => {
          cancel();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    }
  });
}
