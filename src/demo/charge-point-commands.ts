import type { CommandHandler } from './ocpp-client.js';

const accepted: CommandHandler = () => ({ status: 'Accepted' });

/** What the simulated charge point answers to each action (OCPP 1.6 §5) unless it is told otherwise. */
export function createCommandHandlers(chargePoint: {
  readonly connectors: number;
  /** Called after a TriggerMessage was answered. */
  readonly trigger: (message: string, connector: number) => void;
}): Map<string, CommandHandler> {
  const configuration = new Map<string, string>([
    ['HeartbeatInterval', '300'],
    ['MeterValueSampleInterval', '60'],
    ['NumberOfConnectors', String(chargePoint.connectors)],
    [
      'SupportedFeatureProfiles',
      'Core,FirmwareManagement,LocalAuthListManagement,RemoteTrigger,Reservation,SmartCharging',
    ],
  ]);
  const readonly = new Set(['NumberOfConnectors', 'SupportedFeatureProfiles']);

  const exists = (connector: unknown): boolean =>
    connector === undefined || (Number(connector) >= 0 && Number(connector) <= chargePoint.connectors);

  const ifExists: CommandHandler = ({ connectorId }) => ({ status: exists(connectorId) ? 'Accepted' : 'Rejected' });

  const triggered: CommandHandler = ({ requestedMessage, connectorId }) => {
    const message = String(requestedMessage);
    if (!triggerable.has(message)) return { status: 'NotImplemented' };
    setImmediate(() => chargePoint.trigger(message, Number(connectorId ?? 1)));
    return { status: 'Accepted' };
  };

  const reservations = new Set<unknown>();
  let listVersion = 0;

  return new Map<string, CommandHandler>([
    ['RemoteStartTransaction', ifExists],
    ['RemoteStopTransaction', accepted],
    ['Reset', accepted],
    ['ClearCache', accepted],
    ['ChangeAvailability', ifExists],
    ['UnlockConnector', ({ connectorId }) => ({ status: exists(connectorId) ? 'Unlocked' : 'NotSupported' })],
    ['DataTransfer', () => ({ status: 'UnknownVendorId' })],
    [
      'GetConfiguration',
      ({ key }) => {
        const keys = Array.isArray(key) && key.length > 0 ? key.map(String) : [...configuration.keys()];
        return {
          configurationKey: keys
            .filter((name) => configuration.has(name))
            .map((name) => ({ key: name, readonly: readonly.has(name), value: configuration.get(name) })),
          unknownKey: keys.filter((name) => !configuration.has(name)),
        };
      },
    ],
    [
      'ChangeConfiguration',
      ({ key, value }) => {
        const name = String(key);
        if (!configuration.has(name)) return { status: 'NotSupported' };
        if (readonly.has(name)) return { status: 'Rejected' };
        configuration.set(name, String(value));
        return { status: 'Accepted' };
      },
    ],
    ['TriggerMessage', triggered],
    ['ExtendedTriggerMessage', triggered],
    [
      'ReserveNow',
      (payload) => {
        if (exists(payload['connectorId'])) reservations.add(payload['reservationId']);
        return ifExists(payload);
      },
    ],
    [
      'CancelReservation',
      ({ reservationId }) => ({ status: reservations.delete(reservationId) ? 'Accepted' : 'Rejected' }),
    ],
    ['GetLocalListVersion', () => ({ listVersion })],
    [
      'SendLocalList',
      (payload) => {
        const version = Number(payload['listVersion']);
        if (payload['updateType'] === 'Differential' && version <= listVersion) return { status: 'VersionMismatch' };
        listVersion = version;
        return { status: 'Accepted' };
      },
    ],
    ['SetChargingProfile', ifExists],
    ['ClearChargingProfile', accepted],
    ['GetCompositeSchedule', () => ({ status: 'Rejected' })],
    ['UpdateFirmware', () => ({})],
    ['SignedUpdateFirmware', accepted],
    ['GetDiagnostics', () => ({ fileName: 'diagnostics.zip' })],
    ['GetLog', () => ({ status: 'Accepted', filename: 'security.log' })],
    ['InstallCertificate', accepted],
    ['DeleteCertificate', () => ({ status: 'NotFound' })],
    ['GetInstalledCertificateIds', () => ({ status: 'NotFound' })],
    ['CertificateSigned', accepted],
  ]);
}

const triggerable: ReadonlySet<string> = new Set(['BootNotification', 'Heartbeat', 'StatusNotification']);
