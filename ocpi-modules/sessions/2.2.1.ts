import type { z } from 'zod';
import { optional } from '../../src/domain/schema.js';
import type { Session } from '../../src/domain/session.js';
import type { SessionsCodec } from '../codec.js';
import { cdrToken, cdrTokenToWire, price, priceToWire } from '../types/2.2.1.js';
import { growthToWire as growthToWire230, preferences, session as session230, sessionToWire } from './2.3.0.js';

/** Sessions of OCPI 2.2.1 §9.3, as differences from 2.3.0. */
export const session = session230.extend({ cdr_token: cdrToken, total_cost: optional(price) });

const costToWire = ({ totalCost }: Session) => ({ total_cost: totalCost && priceToWire(totalCost) });

function toWire(of: Session): z.input<typeof session> | undefined {
  const wire = sessionToWire(of);
  if (!wire || !of.token) return undefined;
  return { ...wire, cdr_token: cdrTokenToWire(of.token), ...costToWire(of) };
}

export const sessions: SessionsCodec = {
  toWire,
  growthToWire: (of) => ({ ...growthToWire230(of), ...costToWire(of) }),
  ...preferences,
};
