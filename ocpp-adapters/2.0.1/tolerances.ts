import { commonTolerances, remove, set } from '../tolerances.js';
import type { Tolerance } from '../validation.js';

/** What charging stations in the field do against the schemas of OCPP 2.x alone, after what they do in any version. */
export const tolerances: readonly Tolerance[] = [
  {
    // before the unknown words, of which these would be some
    name: 'status-of-1.6',
    seen: 'connectorStatus with a word of OCPP 1.6: Preparing, Charging, SuspendedEV, SuspendedEVSE, Finishing',
    rule: 'read as Occupied',
    fix: ({ keyword, field, path, value }) =>
      keyword === 'enum' && field === 'connectorStatus' && typeof value === 'string' && busyWords.test(value)
        ? set(path, 'Occupied')
        : undefined,
  },
  ...commonTolerances,
  {
    name: 'unknown-reason',
    seen: 'a triggerReason, stoppedReason or type of idToken that the standard does not have',
    rule: 'taken as it is',
    fix: ({ keyword, field, path, value }) =>
      keyword === 'enum' && typeof value === 'string' && (openWords.has(field) || isTokenType(path))
        ? { do: 'accept' }
        : undefined,
  },
  {
    name: 'unknown-charging-state',
    seen: 'a chargingState that the standard does not have',
    rule: 'taken without it',
    fix: ({ keyword, field, path }) => (keyword === 'enum' && field === 'chargingState' ? remove(path) : undefined),
  },
  {
    name: 'no-boot-reason',
    seen: 'BootNotification without reason, or with one of its own',
    rule: 'read as Unknown',
    fix: ({ message, keyword, field, path }) =>
      message === 'BootNotificationRequest' && field === 'reason' && (keyword === 'required' || keyword === 'enum')
        ? set(path, 'Unknown')
        : undefined,
  },
  {
    name: 'no-generated-at',
    seen: 'a report without generatedAt',
    rule: 'taken without: the time of arrival counts',
    fix: ({ keyword, field }) => (keyword === 'required' && field === 'generatedAt' ? { do: 'accept' } : undefined),
  },
  {
    name: 'empty-list',
    seen: 'an empty list where one of nothing is to be left out: meterValue, sampledValue, reportData',
    rule: 'taken as it is',
    fix: ({ keyword, value }) =>
      keyword === 'minItems' && Array.isArray(value) && value.length === 0 ? { do: 'accept' } : undefined,
  },
  {
    name: 'bad-custom-data',
    seen: 'customData without its vendorId',
    rule: 'dropped: nothing reads it',
    fix({ keyword, path }) {
      const at = path.lastIndexOf('customData');
      return at >= 0 && (keyword === 'required' || keyword === 'type') ? remove(path.slice(0, at + 1)) : undefined;
    },
  },
];

const busyWords = /^(preparing|charging|suspendedev|suspendedevse|finishing)$/i;

const openWords: ReadonlySet<string> = new Set(['triggerReason', 'stoppedReason']);

const isTokenType = (path: readonly string[]): boolean =>
  /[iI]dToken$/.test(path.at(-2) ?? '') && path.at(-1) === 'type';
