import { createCommandHandlers } from './charge-point-commands.js';
import { createOcppClient, type CommandHandler, type OcppClientOptions, type Payload } from './ocpp-client.js';

export interface SimulatedChargePointOptions {
  /** The server's URL without the id, e.g. `ws://127.0.0.1:9000/ocpp`. */
  readonly url: string;
  readonly id: string;
  /** Security profile 1: HTTP Basic auth with the id as username. */
  readonly password?: string | undefined;
  readonly tls?: OcppClientOptions['tls'];
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly connectors?: number | undefined;
  /** Until a call or the connect has failed. */
  readonly timeoutMs?: number | undefined;
  /** The charge point's own clock. */
  readonly now?: (() => Date) | undefined;
}

/** A small OCPP 1.6J charge point over a real socket. It knows nothing of the server's insides. */
export interface SimulatedChargePoint {
  readonly id: string;
  /** @throws Error with the HTTP status when the server refuses the upgrade */
  connect(): Promise<void>;
  /** Resolves with the close code when the connection is over, whoever ended it. */
  closed(): Promise<number>;
  disconnect(): Promise<void>;
  /** @throws CallRefused for a CALLERROR, Error when there is no answer in time or the connection is lost */
  call(action: string, payload: Payload): Promise<Payload>;
  boot(): Promise<{ readonly status: string; readonly interval: number }>;
  heartbeat(): Promise<string>;
  status(connector: number, status: string, errorCode?: string): Promise<void>;
  /** The status of the idTag, e.g. `Accepted`. */
  authorize(idTag: string): Promise<string>;
  startTransaction(of: {
    readonly connector: number;
    readonly idTag: string;
    readonly meterWh: number;
    readonly at?: Date | undefined;
  }): Promise<{ readonly transactionId: number; readonly status: string }>;
  /** One sample of the import register, in Wh. */
  meterValues(of: {
    readonly connector: number;
    readonly transactionId: number;
    readonly meterWh: number;
    readonly at?: Date | undefined;
  }): Promise<void>;
  stopTransaction(of: {
    readonly transactionId: number;
    readonly meterWh: number;
    readonly idTag?: string | undefined;
    readonly reason?: string | undefined;
    readonly at?: Date | undefined;
  }): Promise<void>;
  /** Replaces the answer to a call of the server; what it throws becomes a CALLERROR InternalError. */
  on(action: string, handler: CommandHandler): void;
}

export function createSimulatedChargePoint(options: SimulatedChargePointOptions): SimulatedChargePoint {
  const { id, now = () => new Date() } = options;
  const handlers = createCommandHandlers({ connectors: options.connectors ?? 1, trigger });
  const client = createOcppClient({ ...options, protocol: 'ocpp1.6', handlers });
  const { call } = client;

  const timestamp = (at: Date | undefined): string => (at ?? now()).toISOString();

  const registerSample = (meterWh: number, at: Date | undefined): Payload => ({
    timestamp: timestamp(at),
    sampledValue: [{ value: String(meterWh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
  });

  const statusOf = (payload: Payload): string => String((payload['idTagInfo'] as Payload | undefined)?.['status']);

  async function boot(): Promise<{ status: string; interval: number }> {
    const { status, interval } = await call('BootNotification', {
      chargePointVendor: options.vendor ?? 'Roambridge',
      chargePointModel: options.model ?? 'Simulator',
      chargePointSerialNumber: id.slice(0, 25),
      firmwareVersion: '1.0',
    });
    return { status: String(status), interval: Number(interval) };
  }

  async function heartbeat(): Promise<string> {
    return String((await call('Heartbeat', {}))['currentTime']);
  }

  const states = new Map<number, string>();

  async function status(connector: number, state: string, errorCode = 'NoError'): Promise<void> {
    states.set(connector, state);
    await call('StatusNotification', {
      connectorId: connector,
      status: state,
      errorCode,
      timestamp: timestamp(undefined),
    });
  }

  /** What TriggerMessage asks for, where it needs no more than we know here. */
  function trigger(message: string, connector: number): void {
    const sent = {
      BootNotification: boot,
      Heartbeat: heartbeat,
      StatusNotification: () => status(connector, states.get(connector) ?? 'Available'),
    };
    const send = Object.hasOwn(sent, message) ? sent[message as keyof typeof sent] : undefined;
    send?.().catch(() => undefined); // nobody waits for it: the connection may be gone
  }

  return {
    id,
    connect: client.connect,
    closed: client.closed,
    disconnect: client.disconnect,
    call,
    boot,
    heartbeat,
    status,
    authorize: async (idTag) => statusOf(await call('Authorize', { idTag })),
    async startTransaction({ connector, idTag, meterWh, at }) {
      const answer = await call('StartTransaction', {
        connectorId: connector,
        idTag,
        meterStart: meterWh,
        timestamp: timestamp(at),
      });
      return { transactionId: Number(answer['transactionId']), status: statusOf(answer) };
    },
    async meterValues({ connector, transactionId, meterWh, at }) {
      await call('MeterValues', { connectorId: connector, transactionId, meterValue: [registerSample(meterWh, at)] });
    },
    async stopTransaction({ transactionId, meterWh, idTag, reason, at }) {
      await call('StopTransaction', {
        transactionId,
        meterStop: meterWh,
        timestamp: timestamp(at),
        ...(idTag !== undefined && { idTag }),
        ...(reason !== undefined && { reason }),
      });
    },
    on: (action, handler) => void handlers.set(action, handler),
  };
}
