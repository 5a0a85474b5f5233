import { CDR_VERSION, type Cdr } from '../domain/cdr.js';
import { isDue, type Delivery, type Parked } from '../domain/delivery.js';
import { msBetween, type Instant } from '../domain/instant.js';
import { findEvse } from '../domain/location.js';
import { isConnected, type Partner } from '../domain/partner.js';
import { isRunning, type Session } from '../domain/session.js';
import type { Clock, Job, JobOutcome, Logger, PartnerLink, PushResult, Store } from '../ports.js';
import type { Documents } from './documents.js';
import { emptyWatermark, type Outbox } from './outbox.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly partnerLink: PartnerLink;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  /** ms after which a push of anything but a CDR is parked. */
  readonly giveUpAfterMs: number;
}

/** How many (partner, object) pairs are remembered for deciding between PATCH and PUT. */
const REMEMBERED = 100_000;

/**
 * Runs one delivery: loads the current object, sends it in the partner's version, marks what was sent as delivered.
 * The first and the final state of an object go whole (PUT or POST); PATCH is for what grows in between.
 */
export function createDeliver(deps: Deps): (job: Job) => Promise<JobOutcome> {
  const { store, documents, partnerLink, outbox, clock, logger } = deps;
  const failingSince = new Map<string, Instant>();
  /** What each partner has of each location: the change number of its newest whole PUT or status PATCH. */
  const sent = createMemory();

  async function pushLocation(partner: Partner, job: Job): Promise<PushResult> {
    const stored = await store.get('location', job.id);
    if (!stored) return DONE;
    const key = `${partner.id}/${partner.registeredAt ?? ''}/${job.id}`;
    const had = sent.get(key);
    const parts = job.parts?.filter((uid) => findEvse(stored.body, uid));
    // another change of the location may have been sent whole meanwhile
    if (had !== undefined && had >= (job.change ?? 0)) return DONE;
    const result =
      parts && had !== undefined
        ? await patchEvses(partner, stored.body, parts)
        : await partnerLink.putLocation(partner, stored.body);
    if (result.result === 'delivered') sent.set(key, stored.change);
    return result;
  }

  async function patchEvses(
    partner: Partner,
    location: Parameters<PartnerLink['putLocation']>[1],
    evseUids: readonly string[],
  ): Promise<PushResult> {
    for (const uid of evseUids) {
      const result = await partnerLink.patchEvseStatus(partner, location, uid);
      // a partner that lost the EVSE gets the whole location (OCPI 2.2.1 §4.3.3)
      if (result.result === 'refused') return partnerLink.putLocation(partner, location);
      if (result.result !== 'delivered') return result;
    }
    return DONE;
  }

  async function pushTariff(partner: Partner, job: Job): Promise<PushResult> {
    const stored = await store.get('tariff', job.id);
    if (!stored) return DONE;
    const { tariff, removed } = stored.body;
    if (!removed) return partnerLink.putTariff(partner, tariff);
    const result = await partnerLink.deleteTariff(partner, tariff);
    return result.result === 'refused' && result.missing ? DONE : result;
  }

  async function pushSession(partner: Partner, job: Job): Promise<PushResult> {
    const session = (await store.get('session', job.id))?.body;
    if (!session || !isDue(session.delivery, session.version)) return DONE;
    let result = goesWhole(session)
      ? await partnerLink.putSession(partner, session)
      : await partnerLink.patchSession(partner, session);
    if (result.result === 'refused' && result.missing) result = await partnerLink.putSession(partner, session);
    if (result.result === 'delivered') {
      await markSession(job.id, { delivered: session.version, periods: session.periods.length });
    }
    return result;
  }

  const markSession = (id: string, delivery: Delivery) =>
    documents.change('session', id, (current) => current && { ...current, delivery });

  async function pushCdr(partner: Partner, job: Job): Promise<PushResult> {
    const cdr = (await store.get('cdr', job.id))?.body;
    if (!cdr || !isDue(cdr.delivery, CDR_VERSION)) return DONE;
    if (cdr.delivery.attempted !== undefined && (await partnerLink.hasCdr(partner, cdr.id)) === true) {
      logger.info({ cdr: cdr.id, partner: partner.id }, 'the partner has the CDR already');
      await markCdr(cdr.id, { delivered: CDR_VERSION });
      return DONE;
    }
    // from here on a crash leaves the answer unclear, and the next try asks before it posts
    await markCdr(cdr.id, { attempted: CDR_VERSION });
    const result = await partnerLink.postCdr(partner, cdr);
    if (result.result === 'delivered') {
      await markCdr(cdr.id, { delivered: CDR_VERSION, url: result.url });
      if (result.url) await learnCdrUrl(partner, cdr, result.url);
    }
    return result;
  }

  const markCdr = (id: string, delivery: Delivery) =>
    documents.change('cdr', id, (current) => current && { ...current, delivery });

  /** Where a partner put one CDR tells where to look for the next. */
  async function learnCdrUrl(partner: Partner, cdr: Cdr, url: string): Promise<void> {
    const at = url.lastIndexOf(cdr.id);
    if (at < 0) return;
    const template = `${url.slice(0, at)}{id}${url.slice(at + cdr.id.length)}`;
    if (partner.cdrUrlTemplate === template) return;
    await documents.change('partner', partner.id, (current) => current && { ...current, cdrUrlTemplate: template });
  }

  async function park(job: Job, reason: string): Promise<void> {
    const parked = (version: number): Parked => ({ version, reason, at: clock.now() });
    switch (job.kind) {
      case 'session':
        await documents.change(
          'session',
          job.id,
          (current) => current && { ...current, delivery: { ...current.delivery, parked: parked(current.version) } },
        );
        return;
      case 'cdr':
        await documents.change(
          'cdr',
          job.id,
          (current) => current && { ...current, delivery: { ...current.delivery, parked: parked(CDR_VERSION) } },
        );
        return;
      case 'location':
      case 'tariff': {
        const { kind, id } = job;
        await documents.change('watermark', job.partnerId, (current = emptyWatermark(job.partnerId)) => ({
          ...current,
          parked: [
            ...current.parked.filter((each) => each.kind !== kind || each.id !== id),
            { kind, id, ...parked(job.change ?? 0) },
          ],
        }));
      }
    }
  }

  async function unpark(job: Job): Promise<void> {
    if (job.kind !== 'location' && job.kind !== 'tariff') return;
    const watermark = await store.get('watermark', job.partnerId);
    if (!watermark?.body.parked.some((each) => each.kind === job.kind && each.id === job.id)) return;
    await documents.change(
      'watermark',
      job.partnerId,
      (current) =>
        current && {
          ...current,
          parked: current.parked.filter((each) => each.kind !== job.kind || each.id !== job.id),
        },
    );
  }

  const pushers: Record<Job['kind'], (partner: Partner, job: Job) => Promise<PushResult>> = {
    location: pushLocation,
    tariff: pushTariff,
    session: pushSession,
    cdr: pushCdr,
  };

  function hasGivenUp(job: Job, key: string): boolean {
    const now = clock.now();
    const since = failingSince.get(key) ?? now;
    failingSince.set(key, since);
    return job.kind !== 'cdr' && msBetween(since, now) >= deps.giveUpAfterMs;
  }

  async function settle(job: Job, result: PushResult): Promise<JobOutcome> {
    const key = `${job.partnerId}/${job.kind}/${job.id}`;
    if (result.result === 'delivered') {
      failingSince.delete(key);
      await unpark(job);
      outbox.settled(job);
      return { result: 'done' };
    }
    const gaveUp = result.result !== 'refused' && hasGivenUp(job, key);
    if (result.result === 'refused' || gaveUp) {
      failingSince.delete(key);
      const reason = gaveUp ? `gave up: ${result.reason}` : result.reason;
      await park(job, reason);
      outbox.settled(job);
      return { result: 'park', reason };
    }
    return {
      result: 'retry',
      reason: result.reason,
      ...(result.result === 'unavailable' && { afterMs: result.retryAfterMs }),
    };
  }

  return async (job) => {
    const partner = (await store.get('partner', job.partnerId))?.body;
    if (!partner || !isConnected(partner)) return { result: 'done' };
    const result = await pushers[job.kind](partner, job);
    const outcome = await settle(job, result);
    if (job.kind === 'cdr' && outcome.result === 'done') await queueNextCdr(job);
    logOutcome(logger, job, outcome);
    return outcome;
  };

  async function queueNextCdr(job: Job): Promise<void> {
    const cdr = await store.get('cdr', job.id);
    if (cdr) await outbox.cdrsOf(cdr.body.sessionId);
  }
}

const DONE: PushResult = { result: 'delivered' };

/** New to the partner, over, or with periods that it doesn't know: a PATCH can't say that without appending twice. */
const goesWhole = (session: Session): boolean =>
  session.delivery.delivered === undefined ||
  !isRunning(session) ||
  session.delivery.periods !== session.periods.length;

function logOutcome(logger: Logger, { partnerId: partner, kind, id }: Job, outcome: JobOutcome): void {
  if (outcome.result === 'done') logger.debug({ partner, kind, id }, 'delivered');
  else if (outcome.result === 'retry') logger.warn({ partner, kind, id, reason: outcome.reason }, 'delivery failed');
  else logger.error({ partner, kind, id, reason: outcome.reason }, 'delivery parked');
}

interface Memory {
  get(key: string): number | undefined;
  set(key: string, value: number): void;
}

/** Forgets the oldest beyond its bound: a forgotten location is sent whole again, which is harmless. */
function createMemory(): Memory {
  const values = new Map<string, number>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size <= REMEMBERED) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
  };
}
