import type * as messages from 'typed-ocpp/dist/ocpp16/types.js';

/** What charge points call (OCPP 1.6 §4, security whitepaper §4). */
export interface Requests {
  Authorize: messages.AuthorizeRequest;
  BootNotification: messages.BootNotificationRequest;
  DataTransfer: messages.DataTransferRequest;
  DiagnosticsStatusNotification: messages.DiagnosticsStatusNotificationRequest;
  FirmwareStatusNotification: messages.FirmwareStatusNotificationRequest;
  Heartbeat: messages.HeartbeatRequest;
  LogStatusNotification: messages.LogStatusNotificationRequest;
  MeterValues: messages.MeterValuesRequest;
  SecurityEventNotification: messages.SecurityEventNotificationRequest;
  SignCertificate: messages.SignCertificateRequest;
  SignedFirmwareStatusNotification: messages.SignedFirmwareStatusNotificationRequest;
  StartTransaction: messages.StartTransactionRequest;
  StatusNotification: messages.StatusNotificationRequest;
  StopTransaction: messages.StopTransactionRequest;
}

/** What we call (OCPP 1.6 §5, security whitepaper §4). */
export interface Commands {
  CancelReservation: messages.CancelReservationRequest;
  CertificateSigned: messages.CertificateSignedRequest;
  ChangeAvailability: messages.ChangeAvailabilityRequest;
  ChangeConfiguration: messages.ChangeConfigurationRequest;
  ClearCache: messages.ClearCacheRequest;
  ClearChargingProfile: messages.ClearChargingProfileRequest;
  DataTransfer: messages.DataTransferRequest;
  DeleteCertificate: messages.DeleteCertificateRequest;
  ExtendedTriggerMessage: messages.ExtendedTriggerMessageRequest;
  GetCompositeSchedule: messages.GetCompositeScheduleRequest;
  GetConfiguration: messages.GetConfigurationRequest;
  GetDiagnostics: messages.GetDiagnosticsRequest;
  GetInstalledCertificateIds: messages.GetInstalledCertificateIdsRequest;
  GetLocalListVersion: messages.GetLocalListVersionRequest;
  GetLog: messages.GetLogRequest;
  InstallCertificate: messages.InstallCertificateRequest;
  RemoteStartTransaction: messages.RemoteStartTransactionRequest;
  RemoteStopTransaction: messages.RemoteStopTransactionRequest;
  ReserveNow: messages.ReserveNowRequest;
  Reset: messages.ResetRequest;
  SendLocalList: messages.SendLocalListRequest;
  SetChargingProfile: messages.SetChargingProfileRequest;
  SignedUpdateFirmware: messages.SignedUpdateFirmwareRequest;
  TriggerMessage: messages.TriggerMessageRequest;
  UnlockConnector: messages.UnlockConnectorRequest;
  UpdateFirmware: messages.UpdateFirmwareRequest;
}

/** What charge points answer to it. */
export interface Responses {
  CancelReservation: messages.CancelReservationResponse;
  CertificateSigned: messages.CertificateSignedResponse;
  ChangeAvailability: messages.ChangeAvailabilityResponse;
  ChangeConfiguration: messages.ChangeConfigurationResponse;
  ClearCache: messages.ClearCacheResponse;
  ClearChargingProfile: messages.ClearChargingProfileResponse;
  DataTransfer: messages.DataTransferResponse;
  DeleteCertificate: messages.DeleteCertificateResponse;
  ExtendedTriggerMessage: messages.ExtendedTriggerMessageResponse;
  GetCompositeSchedule: messages.GetCompositeScheduleResponse;
  GetConfiguration: messages.GetConfigurationResponse;
  GetDiagnostics: messages.GetDiagnosticsResponse;
  GetInstalledCertificateIds: messages.GetInstalledCertificateIdsResponse;
  GetLocalListVersion: messages.GetLocalListVersionResponse;
  GetLog: messages.GetLogResponse;
  InstallCertificate: messages.InstallCertificateResponse;
  RemoteStartTransaction: messages.RemoteStartTransactionResponse;
  RemoteStopTransaction: messages.RemoteStopTransactionResponse;
  ReserveNow: messages.ReserveNowResponse;
  Reset: messages.ResetResponse;
  SendLocalList: messages.SendLocalListResponse;
  SetChargingProfile: messages.SetChargingProfileResponse;
  SignedUpdateFirmware: messages.SignedUpdateFirmwareResponse;
  TriggerMessage: messages.TriggerMessageResponse;
  UnlockConnector: messages.UnlockConnectorResponse;
  UpdateFirmware: messages.UpdateFirmwareResponse;
}
