import type { ChargingProfile } from '../../src/domain/command.js';
import { given } from '../given.js';
import { ask, type Preparations, withNumbers } from './ask.js';
import type { Commands } from './messages.js';

type Profile = Commands['SetChargingProfile']['csChargingProfiles'];

/** Smart Charging profile (OCPP 1.6 §3.13). */
export const smartCharging: Preparations<'setChargingProfile' | 'clearChargingProfile' | 'getCompositeSchedule'> = {
  setChargingProfile: ({ connector, profile }) =>
    withNumbers(
      { connectorId: connector, transactionId: profile.transactionId },
      ({ connectorId = 0, transactionId }) =>
        ask('SetChargingProfile', { connectorId, csChargingProfiles: profileOf(profile, transactionId) }),
    ),
  clearChargingProfile: ({ id, connector }) =>
    withNumbers({ connectorId: connector }, (numbers) => ask('ClearChargingProfile', given({ id, ...numbers }))),
  getCompositeSchedule: ({ connector, durationS, unit }) =>
    withNumbers({ connectorId: connector }, ({ connectorId }) =>
      ask('GetCompositeSchedule', given({ connectorId, duration: durationS, chargingRateUnit: unit })),
    ),
};

const profileOf = (profile: ChargingProfile, transactionId: number | undefined): Profile => ({
  ...given({ transactionId }),
  chargingProfileId: profile.id,
  stackLevel: profile.stackLevel,
  chargingProfilePurpose: profile.purpose,
  chargingProfileKind: profile.startsAt === undefined ? 'Relative' : 'Absolute',
  chargingSchedule: given({
    duration: profile.durationS,
    startSchedule: profile.startsAt,
    chargingRateUnit: profile.unit,
    chargingSchedulePeriod: profile.periods.map(({ startS, limit, phases }) =>
      given({ startPeriod: startS, limit: tenths(limit), numberPhases: phases }),
    ),
    minChargingRate: profile.minRate === undefined ? undefined : tenths(profile.minRate),
  }),
});

/** One digit after the point (OCPP 1.6 §7.12), never above the limit that was meant. */
const tenths = (rate: number): number => Math.floor(rate * 10 + 1e-6) / 10;
