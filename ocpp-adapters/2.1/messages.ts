import type * as messages from 'typed-ocpp/dist/ocpp21/types.js';

/** What charging stations call that OCPP 2.0.1 does not have or answers otherwise; NotifyPeriodicEventStream is a SEND. */
export interface Requests {
  BatterySwap: messages.BatterySwapRequest;
  ClosePeriodicEventStream: messages.ClosePeriodicEventStreamRequest;
  GetCertificateChainStatus: messages.GetCertificateChainStatusRequest;
  NotifyDERAlarm: messages.NotifyDERAlarmRequest;
  NotifyDERStartStop: messages.NotifyDERStartStopRequest;
  NotifyPriorityCharging: messages.NotifyPriorityChargingRequest;
  NotifySettlement: messages.NotifySettlementRequest;
  OpenPeriodicEventStream: messages.OpenPeriodicEventStreamRequest;
  NotifyEVChargingNeeds: messages.NotifyEVChargingNeedsRequest;
  NotifyPeriodicEventStream: messages.NotifyPeriodicEventStream;
  PullDynamicScheduleUpdate: messages.PullDynamicScheduleUpdateRequest;
  ReportDERControl: messages.ReportDERControlRequest;
  VatNumberValidation: messages.VatNumberValidationRequest;
}

/** What charging stations answer to us (OCPP 2.1 part 2). */
export interface Responses {
  AFRRSignal: messages.AFRRSignalResponse;
  AdjustPeriodicEventStream: messages.AdjustPeriodicEventStreamResponse;
  CancelReservation: messages.CancelReservationResponse;
  CertificateSigned: messages.CertificateSignedResponse;
  ChangeAvailability: messages.ChangeAvailabilityResponse;
  ChangeTransactionTariff: messages.ChangeTransactionTariffResponse;
  ClearCache: messages.ClearCacheResponse;
  ClearChargingProfile: messages.ClearChargingProfileResponse;
  ClearDERControl: messages.ClearDERControlResponse;
  ClearDisplayMessage: messages.ClearDisplayMessageResponse;
  ClearTariffs: messages.ClearTariffsResponse;
  ClearVariableMonitoring: messages.ClearVariableMonitoringResponse;
  CostUpdated: messages.CostUpdatedResponse;
  CustomerInformation: messages.CustomerInformationResponse;
  DataTransfer: messages.DataTransferResponse;
  DeleteCertificate: messages.DeleteCertificateResponse;
  GetBaseReport: messages.GetBaseReportResponse;
  GetChargingProfiles: messages.GetChargingProfilesResponse;
  GetCompositeSchedule: messages.GetCompositeScheduleResponse;
  GetDERControl: messages.GetDERControlResponse;
  GetDisplayMessages: messages.GetDisplayMessagesResponse;
  GetInstalledCertificateIds: messages.GetInstalledCertificateIdsResponse;
  GetLocalListVersion: messages.GetLocalListVersionResponse;
  GetLog: messages.GetLogResponse;
  GetMonitoringReport: messages.GetMonitoringReportResponse;
  GetPeriodicEventStream: messages.GetPeriodicEventStreamResponse;
  GetReport: messages.GetReportResponse;
  GetTariffs: messages.GetTariffsResponse;
  GetTransactionStatus: messages.GetTransactionStatusResponse;
  GetVariables: messages.GetVariablesResponse;
  InstallCertificate: messages.InstallCertificateResponse;
  NotifyAllowedEnergyTransfer: messages.NotifyAllowedEnergyTransferResponse;
  NotifyWebPaymentStarted: messages.NotifyWebPaymentStartedResponse;
  PublishFirmware: messages.PublishFirmwareResponse;
  RequestBatterySwap: messages.RequestBatterySwapResponse;
  RequestStartTransaction: messages.RequestStartTransactionResponse;
  RequestStopTransaction: messages.RequestStopTransactionResponse;
  ReserveNow: messages.ReserveNowResponse;
  Reset: messages.ResetResponse;
  SendLocalList: messages.SendLocalListResponse;
  SetChargingProfile: messages.SetChargingProfileResponse;
  SetDERControl: messages.SetDERControlResponse;
  SetDefaultTariff: messages.SetDefaultTariffResponse;
  SetDisplayMessage: messages.SetDisplayMessageResponse;
  SetMonitoringBase: messages.SetMonitoringBaseResponse;
  SetMonitoringLevel: messages.SetMonitoringLevelResponse;
  SetNetworkProfile: messages.SetNetworkProfileResponse;
  SetVariableMonitoring: messages.SetVariableMonitoringResponse;
  SetVariables: messages.SetVariablesResponse;
  TriggerMessage: messages.TriggerMessageResponse;
  UnlockConnector: messages.UnlockConnectorResponse;
  UnpublishFirmware: messages.UnpublishFirmwareResponse;
  UpdateDynamicSchedule: messages.UpdateDynamicScheduleResponse;
  UpdateFirmware: messages.UpdateFirmwareResponse;
  UsePriorityCharging: messages.UsePriorityChargingResponse;
}
