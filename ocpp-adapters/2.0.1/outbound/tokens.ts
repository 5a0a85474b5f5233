import type { IdTokenType } from 'typed-ocpp/dist/ocpp20/types.js';
import { given } from '../../given.js';
import type { Commands } from '../messages.js';
import { ask, type Preparations } from './ask.js';

/** UIDs of 4, 7 and 10 bytes (ISO/IEC 14443-3 §6.5.4). */
const cardUid = /^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/i;

/** A driver's token as charging stations know it: by its card, else by a name that we gave. */
export const idTokenOf = (idTag: string): IdTokenType => ({
  idToken: idTag,
  type: cardUid.test(idTag) ? 'ISO14443' : 'Central',
});

const groupOf = (groupIdTag: string | undefined): IdTokenType | undefined =>
  groupIdTag === undefined ? undefined : { idToken: groupIdTag, type: 'Central' };

type Entry = NonNullable<Commands['SendLocalList']['localAuthorizationList']>[number];

/** Reservations and local lists (OCPP 2.0.1 §H, §D). */
export const tokens: Preparations<'cancelReservation' | 'getLocalListVersion' | 'sendLocalList' | 'clearCache'> = {
  cancelReservation: ({ reservationId }) => ask('CancelReservation', { reservationId }),
  clearCache: () => ask('ClearCache', {}),
  getLocalListVersion: () => ask('GetLocalListVersion', {}),
  sendLocalList: ({ version, full, entries }) => {
    const list = entries.map(({ idTag, status, expiresAt, groupIdTag }): Entry => {
      const info = status && {
        status,
        ...given({ cacheExpiryDateTime: expiresAt, groupIdToken: groupOf(groupIdTag) }),
      };
      return { idToken: idTokenOf(idTag), ...given({ idTokenInfo: info }) };
    });
    return ask('SendLocalList', {
      versionNumber: version,
      updateType: full ? 'Full' : 'Differential',
      // an empty list is left out (§D01.FR.04)
      ...(list.length > 0 && { localAuthorizationList: list }),
    });
  },
};

/** The fields that name a driver where a message names the driver's group too. */
export const driverOf = (
  idTag: string,
  groupIdTag: string | undefined,
): { idToken: IdTokenType; groupIdToken?: IdTokenType } => ({
  idToken: idTokenOf(idTag),
  ...given({ groupIdToken: groupOf(groupIdTag) }),
});
