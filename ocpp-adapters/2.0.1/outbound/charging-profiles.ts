import type { ChargingProfile } from '../../../src/domain/command.js';
import { given } from '../../given.js';
import type { Commands } from '../messages.js';
import { ask, type Preparations, withAnyEvse, withEvse } from './ask.js';

type Profile = Commands['SetChargingProfile']['chargingProfile'];

/** Smart charging (OCPP 2.0.1 §K). */
export const chargingProfiles: Preparations<'setChargingProfile' | 'clearChargingProfile' | 'getCompositeSchedule'> = {
  setChargingProfile: ({ connector, profile }) =>
    withEvse(connector, (evseId) => ask('SetChargingProfile', { evseId, chargingProfile: profileOf(profile) })),
  clearChargingProfile: ({ id, connector }) =>
    withAnyEvse(connector, (evseId) =>
      ask(
        'ClearChargingProfile',
        // an id names one profile, whatever else is asked for (§K10.FR.02)
        id === undefined ? { chargingProfileCriteria: given({ evseId }) } : { chargingProfileId: id },
      ),
    ),
  getCompositeSchedule: ({ connector, durationS, unit }) =>
    withEvse(connector, (evseId) =>
      ask('GetCompositeSchedule', { evseId, duration: durationS, ...given({ chargingRateUnit: unit }) }),
    ),
};

const purposes = {
  ChargePointMaxProfile: 'ChargingStationMaxProfile',
  TxDefaultProfile: 'TxDefaultProfile',
  TxProfile: 'TxProfile',
} as const satisfies Record<ChargingProfile['purpose'], Profile['chargingProfilePurpose']>;

const profileOf = (profile: ChargingProfile): Profile => ({
  id: profile.id,
  stackLevel: profile.stackLevel,
  chargingProfilePurpose: purposes[profile.purpose],
  chargingProfileKind: profile.startsAt === undefined ? 'Relative' : 'Absolute',
  ...given({ transactionId: profile.transactionId }),
  chargingSchedule: [
    {
      id: profile.id,
      chargingRateUnit: profile.unit,
      ...given({ startSchedule: profile.startsAt, duration: profile.durationS, minChargingRate: profile.minRate }),
      chargingSchedulePeriod: profile.periods.map(({ startS, limit, phases }) => ({
        startPeriod: startS,
        limit,
        ...given({ numberPhases: phases }),
      })),
    },
  ],
});
