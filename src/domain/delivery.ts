import type { Instant } from './instant.js';

/**
 * How far the one partner of an owned object (a session or CDR) is told of it; kept in the object's own document, so
 * that the store is the outbox (design.md).
 */
export interface Delivery {
  /** The version that the partner has. */
  readonly delivered?: number | undefined;
  /** Sessions: how many charging periods it has. */
  readonly periods?: number | undefined;
  /** A send of this version began and its answer isn't known: it may have arrived. */
  readonly attempted?: number | undefined;
  /** Why it is not sent any more until the operator says so. */
  readonly parked?: Parked | undefined;
  /** Where the partner keeps it: the Location header of a CDR's POST (OCPI 2.2.1 §10.2.2). */
  readonly url?: string | undefined;
}

export interface Parked {
  readonly version: number;
  readonly reason: string;
  readonly at: Instant;
}

/** Is there a version that the partner must still be told of? */
export const isDue = (delivery: Delivery, version: number): boolean =>
  (delivery.delivered ?? 0) < version && delivery.parked?.version !== version;

/** How a partner wants to be kept in sync (design.md, Queue). */
export const deliveryPolicies = ['latest', 'fifo', 'nightly'] as const;
export type DeliveryPolicy = (typeof deliveryPolicies)[number];

/** The objects that are pushed, by OCPI module. */
export type DeliveryKind = 'location' | 'tariff' | 'session' | 'cdr';

export interface ParkedKey extends Parked {
  readonly kind: 'location' | 'tariff';
  readonly id: string;
}

/** How far one partner is told of published objects: all changes up to `watermark` but those that are parked. */
export interface Watermark {
  readonly partnerId: string;
  readonly watermark: number;
  readonly parked: readonly ParkedKey[];
}
