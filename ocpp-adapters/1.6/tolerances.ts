import { commonTolerances, remove, set } from '../tolerances.js';
import type { Tolerance } from '../validation.js';

/** What charge points in the field do against the schemas of OCPP 1.6 alone, after what they do in any version. */
export const tolerances: readonly Tolerance[] = [
  ...commonTolerances,
  {
    name: 'object-for-text',
    seen: 'DataTransfer with its data as JSON instead of text',
    rule: 'read as the JSON text',
    fix({ keyword, field, value, path }) {
      const text = keyword === 'type' && field === 'data' && typeof value === 'object' ? jsonOf(value) : undefined;
      return text === undefined ? undefined : set(path, text);
    },
  },
  {
    name: 'fractional-register',
    seen: 'meterStart or meterStop with a fraction of a Wh',
    rule: 'rounded to whole Wh',
    fix: ({ keyword, field, value, path }) =>
      keyword === 'type' && isRegister(field) && typeof value === 'number' ? set(path, Math.round(value)) : undefined,
  },
  {
    name: 'no-register',
    seen: 'no meterStart or meterStop',
    rule: 'taken without: the session notes it as an anomaly',
    fix: ({ keyword, field }) => (keyword === 'required' && isRegister(field) ? { do: 'accept' } : undefined),
  },
  {
    name: 'no-transaction-id',
    seen: 'StopTransaction without transactionId, of a transaction that was started offline',
    rule: 'read as −1: which transaction is meant is found out by driver, time and register',
    fix: ({ message, keyword, field, path }) =>
      message === 'StopTransactionRequest' && keyword === 'required' && field === 'transactionId'
        ? set(path, -1)
        : undefined,
  },
  {
    name: 'unknown-reason',
    seen: 'StopTransaction with a reason of its own',
    rule: 'taken without the reason',
    fix: ({ message, keyword, field, path }) =>
      message === 'StopTransactionRequest' && keyword === 'enum' && field === 'reason' ? remove(path) : undefined,
  },
  {
    name: 'unknown-error-code',
    seen: 'StatusNotification with an errorCode of its own',
    rule: 'read as OtherError',
    fix: ({ message, keyword, field, path, value }) =>
      message === 'StatusNotificationRequest' &&
      keyword === 'enum' &&
      field === 'errorCode' &&
      typeof value === 'string'
        ? set(path, 'OtherError')
        : undefined,
  },
  {
    name: 'no-error-code',
    seen: 'StatusNotification without errorCode',
    rule: 'NoError, or OtherError with the status Faulted',
    fix: ({ message, keyword, field, path, parent }) =>
      message === 'StatusNotificationRequest' && keyword === 'required' && field === 'errorCode'
        ? set(path, isFaulted(parent) ? 'OtherError' : 'NoError')
        : undefined,
  },
  {
    name: 'precise-limit',
    seen: 'GetCompositeSchedule answered with limits of more than one digit after the point',
    rule: 'taken as they are',
    fix: ({ keyword }) => (keyword === 'multipleOf' ? { do: 'accept' } : undefined),
  },
];

/** undefined: nested too deeply to be written. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

const isRegister = (field: string): boolean => field === 'meterStart' || field === 'meterStop';

const isFaulted = (statusNotification: unknown): boolean =>
  typeof statusNotification === 'object' &&
  statusNotification !== null &&
  'status' in statusNotification &&
  statusNotification.status === 'Faulted';
