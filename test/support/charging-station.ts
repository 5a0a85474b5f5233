import {
  createOcppClient,
  type CommandHandler,
  type OcppClient,
  type OcppClientOptions,
  type Payload,
} from '../../src/demo/ocpp-client.js';
import { createStationHandlers } from './charging-station-commands.js';

export interface SimulatedChargingStationOptions extends Omit<OcppClientOptions, 'handlers'> {
  readonly protocol: 'ocpp2.0.1' | 'ocpp2.1';
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  /** How many EVSEs it has, of one connector each. */
  readonly evses?: number | undefined;
  /** The charging station's own clock. */
  readonly now?: (() => Date) | undefined;
}

/** One TransactionEvent. */
export interface TransactionStepOptions {
  readonly step: 'Started' | 'Updated' | 'Ended';
  readonly transactionId: string;
  /** triggerReason, e.g. `Authorized`, `CablePluggedIn`, `ChargingStateChanged`, `RemoteStart`. */
  readonly trigger: string;
  /** Absent: counted up by itself, from 0, for each transaction. */
  readonly seqNo?: number | undefined;
  readonly evse?: number | undefined;
  readonly connector?: number | undefined;
  readonly idTag?: string | undefined;
  /** Absent: ISO14443. */
  readonly idTokenType?: string | undefined;
  readonly chargingState?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
  /** The import register, in Wh. */
  readonly meterWh?: number | undefined;
  /** The export register, in Wh. */
  readonly exportWh?: number | undefined;
  /** Absent: Transaction.Begin at Started, Transaction.End at Ended, else Sample.Periodic. */
  readonly context?: string | undefined;
  readonly offline?: boolean | undefined;
  readonly at?: Date | undefined;
}

/** A small OCPP 2.0.1 or 2.1 charging station over a real socket. It knows nothing of the server's insides. */
export interface SimulatedChargingStation extends OcppClient {
  readonly id: string;
  boot(reason?: string): Promise<{ readonly status: string; readonly interval: number }>;
  heartbeat(): Promise<string>;
  status(evse: number, connector: number, status: string): Promise<void>;
  /** The status of the idToken, e.g. `Accepted`. */
  authorize(idTag: string, type?: string): Promise<string>;
  /** The status of the idToken where the step has one, and the whole answer. */
  transaction(step: TransactionStepOptions): Promise<{ readonly status: string | undefined; readonly answer: Payload }>;
  /** Replaces the answer to a call of the server; what it throws becomes a CALLERROR InternalError. */
  on(action: string, handler: CommandHandler): void;
}

const contexts = { Started: 'Transaction.Begin', Updated: 'Sample.Periodic', Ended: 'Transaction.End' } as const;

export function createSimulatedChargingStation(options: SimulatedChargingStationOptions): SimulatedChargingStation {
  const { id, now = () => new Date() } = options;
  const handlers = createStationHandlers({ evses: options.evses ?? 1, trigger });
  const client = createOcppClient({ ...options, handlers });
  const { call } = client;
  const sequence = new Map<string, number>();
  const states = new Map<number, string>();

  const timestamp = (at: Date | undefined): string => (at ?? now()).toISOString();

  async function boot(reason = 'PowerUp'): Promise<{ status: string; interval: number }> {
    const { status, interval } = await call('BootNotification', {
      reason,
      chargingStation: {
        vendorName: options.vendor ?? 'Roambridge',
        model: options.model ?? 'Simulator',
        serialNumber: id.slice(0, 25),
        firmwareVersion: '2.0',
      },
    });
    return { status: String(status), interval: Number(interval) };
  }

  async function heartbeat(): Promise<string> {
    return String((await call('Heartbeat', {}))['currentTime']);
  }

  async function status(evse: number, connector: number, connectorStatus: string): Promise<void> {
    states.set(evse, connectorStatus);
    await call('StatusNotification', {
      timestamp: timestamp(undefined),
      connectorStatus,
      evseId: evse,
      connectorId: connector,
    });
  }

  function meterValueOf(of: TransactionStepOptions): readonly Payload[] {
    const context = of.context ?? contexts[of.step];
    const registers = [
      { value: of.meterWh, measurand: 'Energy.Active.Import.Register' },
      { value: of.exportWh, measurand: 'Energy.Active.Export.Register' },
    ].filter(({ value }) => value !== undefined);
    if (registers.length === 0) return [];
    return [
      {
        timestamp: timestamp(of.at),
        sampledValue: registers.map((register) => ({ ...register, context, unitOfMeasure: { unit: 'Wh' } })),
      },
    ];
  }

  async function transaction(of: TransactionStepOptions): Promise<{ status: string | undefined; answer: Payload }> {
    const seqNo = of.seqNo ?? (sequence.get(of.transactionId) ?? -1) + 1;
    sequence.set(of.transactionId, seqNo);
    const meterValue = meterValueOf(of);
    const answer = await call('TransactionEvent', {
      eventType: of.step,
      timestamp: timestamp(of.at),
      triggerReason: of.trigger,
      seqNo,
      ...(of.offline !== undefined && { offline: of.offline }),
      ...(of.reservationId !== undefined && { reservationId: of.reservationId }),
      transactionInfo: {
        transactionId: of.transactionId,
        ...(of.chargingState !== undefined && { chargingState: of.chargingState }),
        ...(of.stoppedReason !== undefined && { stoppedReason: of.stoppedReason }),
        ...(of.remoteStartId !== undefined && { remoteStartId: of.remoteStartId }),
      },
      ...(of.evse !== undefined && {
        evse: { id: of.evse, ...(of.connector !== undefined && { connectorId: of.connector }) },
      }),
      ...(of.idTag !== undefined && { idToken: { idToken: of.idTag, type: of.idTokenType ?? 'ISO14443' } }),
      ...(meterValue.length > 0 && { meterValue }),
    });
    const info = answer['idTokenInfo'] as Payload | undefined;
    return { status: info && String(info['status']), answer };
  }

  /** What TriggerMessage asks for, where it needs no more than we know here. */
  function trigger(message: string, evse: number): void {
    const sent = {
      BootNotification: () => boot('Triggered'),
      Heartbeat: heartbeat,
      StatusNotification: () => status(evse, 1, states.get(evse) ?? 'Available'),
    };
    const send = Object.hasOwn(sent, message) ? sent[message as keyof typeof sent] : undefined;
    send?.().catch(() => undefined); // nobody waits for it: the connection may be gone
  }

  return {
    ...client,
    id,
    boot,
    heartbeat,
    status,
    async authorize(idTag, type = 'ISO14443') {
      const answer = await call('Authorize', { idToken: { idToken: idTag, type } });
      return String((answer['idTokenInfo'] as Payload | undefined)?.['status']);
    },
    transaction,
    on: (action, handler) => void handlers.set(action, handler),
  };
}
