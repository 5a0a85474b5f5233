import type * as messages from 'typed-ocpp/dist/ocpp20/types.js';

/** What charging stations call (OCPP 2.0.1 part 2). */
export interface Requests {
  Authorize: messages.AuthorizeRequest;
  BootNotification: messages.BootNotificationRequest;
  ClearedChargingLimit: messages.ClearedChargingLimitRequest;
  DataTransfer: messages.DataTransferRequest;
  FirmwareStatusNotification: messages.FirmwareStatusNotificationRequest;
  Get15118EVCertificate: messages.Get15118EVCertificateRequest;
  GetCertificateStatus: messages.GetCertificateStatusRequest;
  Heartbeat: messages.HeartbeatRequest;
  LogStatusNotification: messages.LogStatusNotificationRequest;
  MeterValues: messages.MeterValuesRequest;
  NotifyChargingLimit: messages.NotifyChargingLimitRequest;
  NotifyCustomerInformation: messages.NotifyCustomerInformationRequest;
  NotifyDisplayMessages: messages.NotifyDisplayMessagesRequest;
  NotifyEVChargingNeeds: messages.NotifyEVChargingNeedsRequest;
  NotifyEVChargingSchedule: messages.NotifyEVChargingScheduleRequest;
  NotifyEvent: messages.NotifyEventRequest;
  NotifyMonitoringReport: messages.NotifyMonitoringReportRequest;
  NotifyReport: messages.NotifyReportRequest;
  PublishFirmwareStatusNotification: messages.PublishFirmwareStatusNotificationRequest;
  ReportChargingProfiles: messages.ReportChargingProfilesRequest;
  ReservationStatusUpdate: messages.ReservationStatusUpdateRequest;
  SecurityEventNotification: messages.SecurityEventNotificationRequest;
  SignCertificate: messages.SignCertificateRequest;
  StatusNotification: messages.StatusNotificationRequest;
  TransactionEvent: messages.TransactionEventRequest;
}

/** What we call. */
export interface Commands {
  CancelReservation: messages.CancelReservationRequest;
  CertificateSigned: messages.CertificateSignedRequest;
  ChangeAvailability: messages.ChangeAvailabilityRequest;
  ClearCache: messages.ClearCacheRequest;
  ClearChargingProfile: messages.ClearChargingProfileRequest;
  ClearDisplayMessage: messages.ClearDisplayMessageRequest;
  ClearVariableMonitoring: messages.ClearVariableMonitoringRequest;
  CostUpdated: messages.CostUpdatedRequest;
  CustomerInformation: messages.CustomerInformationRequest;
  DataTransfer: messages.DataTransferRequest;
  DeleteCertificate: messages.DeleteCertificateRequest;
  GetBaseReport: messages.GetBaseReportRequest;
  GetChargingProfiles: messages.GetChargingProfilesRequest;
  GetCompositeSchedule: messages.GetCompositeScheduleRequest;
  GetDisplayMessages: messages.GetDisplayMessagesRequest;
  GetInstalledCertificateIds: messages.GetInstalledCertificateIdsRequest;
  GetLocalListVersion: messages.GetLocalListVersionRequest;
  GetLog: messages.GetLogRequest;
  GetMonitoringReport: messages.GetMonitoringReportRequest;
  GetReport: messages.GetReportRequest;
  GetTransactionStatus: messages.GetTransactionStatusRequest;
  GetVariables: messages.GetVariablesRequest;
  InstallCertificate: messages.InstallCertificateRequest;
  PublishFirmware: messages.PublishFirmwareRequest;
  RequestStartTransaction: messages.RequestStartTransactionRequest;
  RequestStopTransaction: messages.RequestStopTransactionRequest;
  ReserveNow: messages.ReserveNowRequest;
  Reset: messages.ResetRequest;
  SendLocalList: messages.SendLocalListRequest;
  SetChargingProfile: messages.SetChargingProfileRequest;
  SetDisplayMessage: messages.SetDisplayMessageRequest;
  SetMonitoringBase: messages.SetMonitoringBaseRequest;
  SetMonitoringLevel: messages.SetMonitoringLevelRequest;
  SetNetworkProfile: messages.SetNetworkProfileRequest;
  SetVariableMonitoring: messages.SetVariableMonitoringRequest;
  SetVariables: messages.SetVariablesRequest;
  TriggerMessage: messages.TriggerMessageRequest;
  UnlockConnector: messages.UnlockConnectorRequest;
  UnpublishFirmware: messages.UnpublishFirmwareRequest;
  UpdateFirmware: messages.UpdateFirmwareRequest;
}

/** What charging stations answer to it. */
export interface Responses {
  CancelReservation: messages.CancelReservationResponse;
  CertificateSigned: messages.CertificateSignedResponse;
  ChangeAvailability: messages.ChangeAvailabilityResponse;
  ClearCache: messages.ClearCacheResponse;
  ClearChargingProfile: messages.ClearChargingProfileResponse;
  ClearDisplayMessage: messages.ClearDisplayMessageResponse;
  ClearVariableMonitoring: messages.ClearVariableMonitoringResponse;
  CostUpdated: messages.CostUpdatedResponse;
  CustomerInformation: messages.CustomerInformationResponse;
  DataTransfer: messages.DataTransferResponse;
  DeleteCertificate: messages.DeleteCertificateResponse;
  GetBaseReport: messages.GetBaseReportResponse;
  GetChargingProfiles: messages.GetChargingProfilesResponse;
  GetCompositeSchedule: messages.GetCompositeScheduleResponse;
  GetDisplayMessages: messages.GetDisplayMessagesResponse;
  GetInstalledCertificateIds: messages.GetInstalledCertificateIdsResponse;
  GetLocalListVersion: messages.GetLocalListVersionResponse;
  GetLog: messages.GetLogResponse;
  GetMonitoringReport: messages.GetMonitoringReportResponse;
  GetReport: messages.GetReportResponse;
  GetTransactionStatus: messages.GetTransactionStatusResponse;
  GetVariables: messages.GetVariablesResponse;
  InstallCertificate: messages.InstallCertificateResponse;
  PublishFirmware: messages.PublishFirmwareResponse;
  RequestStartTransaction: messages.RequestStartTransactionResponse;
  RequestStopTransaction: messages.RequestStopTransactionResponse;
  ReserveNow: messages.ReserveNowResponse;
  Reset: messages.ResetResponse;
  SendLocalList: messages.SendLocalListResponse;
  SetChargingProfile: messages.SetChargingProfileResponse;
  SetDisplayMessage: messages.SetDisplayMessageResponse;
  SetMonitoringBase: messages.SetMonitoringBaseResponse;
  SetMonitoringLevel: messages.SetMonitoringLevelResponse;
  SetNetworkProfile: messages.SetNetworkProfileResponse;
  SetVariableMonitoring: messages.SetVariableMonitoringResponse;
  SetVariables: messages.SetVariablesResponse;
  TriggerMessage: messages.TriggerMessageResponse;
  UnlockConnector: messages.UnlockConnectorResponse;
  UnpublishFirmware: messages.UnpublishFirmwareResponse;
  UpdateFirmware: messages.UpdateFirmwareResponse;
}
