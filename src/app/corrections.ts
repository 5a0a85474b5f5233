import type { ChargePoint } from '../domain/charge-point.js';
import { byOurClock, isWrong, movedByClock, observeClock, type ClockSkew } from '../domain/clock-skew.js';
import { dialectsOf, type Dialect } from '../domain/dialects.js';
import { keyOf } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { momentOfLocal } from '../domain/local-time.js';
import { inOtherPower, knownWh, type MeterSample } from '../domain/meter.js';
import type { Anomaly } from '../domain/session.js';
import type { Clock, Logger, Store } from '../ports.js';
import type { ChargePointEvents } from './charge-point-events.js';
import type { Documents } from './documents.js';
import type { Outbox } from './outbox.js';

interface Deps {
  readonly store: Store;
  readonly documents: Documents;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dialects: readonly Dialect[];
  readonly deviated: ChargePointEvents['deviated'];
  /** For how long a clock must be behind by the same until its times are corrected. */
  readonly clockEvidenceMs: number;
}

type Corrected = 'statusChanged' | 'transactionStarted' | 'meterSampled' | 'transactionEnded' | 'transactionStep';

/** Puts right what one charge point's messages say: its times, by its clock, and its registers, by its model. */
interface Correction {
  readonly mended: readonly Anomaly[];
  readonly time: (at: Instant | undefined) => Instant | undefined;
  readonly register: (wh: number | undefined) => number | undefined;
  readonly samples: (samples: readonly MeterSample[]) => readonly MeterSample[];
}

/**
 * Stands before the use cases and corrects what charge points report: the one place where dialects and clocks are looked
 * at, for all OCPP versions.
 */
export function createCorrections(deps: Deps): (events: Pick<ChargePointEvents, Corrected>) => typeof events {
  const { store, documents, outbox, clock, logger, deviated } = deps;
  /** What is not yet sure; what is, is kept in the charge point's document. */
  const candidates = new Map<string, ClockSkew['candidate']>();

  async function learn(chargePoint: ChargePoint, reported: Instant | undefined): Promise<number> {
    const offsetMs = chargePoint.clockOffsetMs ?? 0;
    if (reported === undefined) return offsetMs;
    const key = keyOf(chargePoint.id);
    const skew = observeClock(
      { offsetMs, candidate: candidates.get(key) },
      reported,
      clock.now(),
      deps.clockEvidenceMs,
    );
    if (skew.candidate) candidates.set(key, skew.candidate);
    else candidates.delete(key);
    if (skew.offsetMs === offsetMs || (!isWrong(skew.offsetMs) && !isWrong(offsetMs))) return offsetMs;
    await documents.change('chargePoint', key, (current) => current && { ...current, clockOffsetMs: skew.offsetMs });
    logger.warn({ chargePoint: chargePoint.id, offsetMs: skew.offsetMs }, 'clock of the charge point');
    if (isWrong(skew.offsetMs)) deviated(chargePoint.id, ['clock-offset']);
    if (skew.offsetMs < 0) await moveSessions(chargePoint, skew.offsetMs);
    return skew.offsetMs;
  }

  async function moveSessions({ id }: ChargePoint, offsetMs: number): Promise<void> {
    const now = clock.now();
    for (const running of await store.find('session', { where: { running: id } })) {
      const moved = await documents.change(
        'session',
        running.id,
        (current) => current && movedByClock(current, offsetMs, now),
      );
      if (moved) outbox.session(moved.body);
    }
  }

  async function zoneOf({ locationId }: ChargePoint): Promise<string | undefined> {
    return locationId === undefined ? undefined : (await store.get('location', keyOf(locationId)))?.body.time_zone;
  }

  async function correctionFor(id: string, reported: Instant | undefined): Promise<Correction> {
    const chargePoint = (await store.get('chargePoint', keyOf(id)))?.body;
    if (!chargePoint) return none;
    const spoken = dialectsOf(chargePoint.device, deps.dialects);
    if (spoken.length > 0) {
      deviated(
        id,
        spoken.map(({ name }) => name),
      );
    }
    const zone = spoken.some(({ localTime }) => localTime) ? await zoneOf(chargePoint) : undefined;
    const ofZone = (at: Instant): Instant => (zone === undefined ? at : (momentOfLocal(at, zone) ?? at));
    const offsetMs = await learn(chargePoint, reported && ofZone(reported));
    const exponent = spoken.reduce((sum, { registerExponent = 0 }) => sum + registerExponent, 0);
    if (zone === undefined && exponent === 0 && !isWrong(offsetMs)) return none;
    const arrived = clock.now();
    const time = (at: Instant): Instant => byOurClock(ofZone(at), offsetMs, arrived);
    return {
      mended: [
        ...(zone !== undefined || isWrong(offsetMs) ? (['clock-corrected'] as const) : []),
        ...(exponent === 0 ? [] : (['unit-mislabelled'] as const)),
      ],
      time: (at) => at && time(at),
      register: (wh) => (wh === undefined ? undefined : Math.round(wh * 10 ** exponent)),
      samples: (samples) => samples.map((sample) => inOtherPower({ ...sample, at: time(sample.at) }, exponent)),
    };
  }

  return (events) => ({
    async statusChanged(id, event) {
      const { time } = await correctionFor(id, event.at);
      await events.statusChanged(id, { ...event, at: time(event.at) });
    },

    async transactionStarted(id, event) {
      const { time, register, mended } = await correctionFor(id, event.at);
      const meterStartWh = register(knownWh(event.meterStartWh));
      return events.transactionStarted(id, { ...event, at: time(event.at), meterStartWh, mended });
    },

    async meterSampled(id, event) {
      // samples come late by nature and may bear the time of their arrival: they teach nothing but a clock that is ahead
      const { samples, mended } = await correctionFor(id, latestAfter(event.samples, clock.now()));
      await events.meterSampled(id, { ...event, samples: samples(event.samples), mended });
    },

    async transactionEnded(id, event) {
      const { time, register, samples, mended } = await correctionFor(id, event.at);
      await events.transactionEnded(id, {
        ...event,
        at: time(event.at),
        meterStopWh: register(knownWh(event.meterStopWh)),
        samples: samples(event.samples),
        mended,
      });
    },

    async transactionStep(id, step) {
      // what happened offline is told later
      const { time, samples, mended } = await correctionFor(id, step.offline ? undefined : step.at);
      return events.transactionStep(id, { ...step, at: time(step.at), samples: samples(step.samples), mended });
    },
  });
}

const none: Correction = {
  mended: [],
  time: (at) => at,
  register: (wh) => wh,
  samples: (samples) => samples,
};

/** The newest time of samples if it lies in the future. */
function latestAfter(samples: readonly MeterSample[], now: Instant): Instant | undefined {
  const newest = samples.reduce<Instant | undefined>((last, { at }) => (last && last > at ? last : at), undefined);
  return newest && newest > now ? newest : undefined;
}
