import type { Instant } from './instant.js';

/** Something that a charge point told of itself: firmware status, a security event, a charging limit… */
export interface DeviceNotice {
  /** The action of the standard that said it. */
  readonly what: string;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The newest notices of a charge point, oldest first; bounded. */
export interface DeviceNotices {
  readonly chargePointId: string;
  readonly notices: readonly DeviceNotice[];
}

/** One variable of a device; `name` is `Component[(instance)][@evse[.connector]].Variable[(instance)]`. */
export interface DeviceVariable {
  readonly name: string;
  readonly attribute: 'Actual' | 'Target' | 'MinSet' | 'MaxSet';
  readonly value?: string | undefined;
  readonly mutability?: string | undefined;
  readonly unit?: string | undefined;
  readonly dataType?: string | undefined;
}

/** All that a charge point reported of its variables, by `name` and attribute (OCPP 2.0.1 §B, device model). */
export interface DeviceModel {
  readonly chargePointId: string;
  readonly reportedAt: Instant;
  readonly variables: Readonly<Record<string, DeviceVariable>>;
}

const MAX_NOTICES = 200;

/** Adds a notice, forgetting the oldest beyond the bound. */
export const withNotice = (current: DeviceNotices, notice: DeviceNotice): DeviceNotices => ({
  ...current,
  notices: [...current.notices, notice].slice(-MAX_NOTICES),
});

/** Takes a part of a report in; the first part of a whole report `replaces` what was known. */
export function withVariables(
  current: DeviceModel,
  variables: readonly DeviceVariable[],
  replaces: boolean,
  now: Instant,
): DeviceModel {
  const added = Object.fromEntries(variables.map((each) => [`${each.name}/${each.attribute}`, each]));
  return { ...current, reportedAt: now, variables: replaces ? added : { ...current.variables, ...added } };
}
