import type { CommandOutcome } from '../../src/domain/command.js';
import { byStatus, clearing, displaying, outcomes as outcomes201, yesOrNo } from '../2.0.1/outbound/outcomes.js';
import type { Responses } from './messages.js';

type Status = CommandOutcome['status'];

const derControl = { ...yesOrNo, NotFound: 'rejected', NotSupported: 'not-supported' } as const;
const tariff = { ...yesOrNo, ConditionNotSupported: 'not-supported', TooManyElements: 'rejected' } as const;

const always = (): Status => 'accepted';

/** What each answer of a charging station means: OCPP 2.0.1's, and what has changed since or is new. */
export const outcomes = {
  ...outcomes201,
  AFRRSignal: byStatus(yesOrNo),
  AdjustPeriodicEventStream: byStatus(yesOrNo),
  ChangeTransactionTariff: byStatus({ ...tariff, NoCurrencyChange: 'rejected', TxNotFound: 'rejected' }),
  ClearDERControl: byStatus(derControl),
  ClearDisplayMessage: byStatus({ ...clearing, Rejected: 'rejected' }),
  // one result for each tariff, and none of them stands for all
  ClearTariffs: always,
  GetDERControl: byStatus(derControl),
  GetPeriodicEventStream: always,
  GetTariffs: byStatus({ ...yesOrNo, NoTariff: 'accepted' }),
  NotifyAllowedEnergyTransfer: byStatus(yesOrNo),
  NotifyWebPaymentStarted: always,
  RequestBatterySwap: byStatus(yesOrNo),
  SetDERControl: byStatus(derControl),
  SetDefaultTariff: byStatus({ ...tariff, DuplicateTariffId: 'rejected' }),
  SetDisplayMessage: byStatus({ ...displaying, LanguageNotSupported: 'not-supported' }),
  UpdateDynamicSchedule: byStatus(yesOrNo),
  UsePriorityCharging: byStatus({ ...yesOrNo, NoProfile: 'rejected' }),
} as const satisfies { readonly [A in keyof Responses]: (answer: Responses[A]) => Status };
