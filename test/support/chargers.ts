import { createSimulatedChargePoint } from '../../src/demo/charge-point.js';
import type { CommandHandler, Payload } from '../../src/demo/ocpp-client.js';
import { CHARGE_POINT, PASSWORD } from './bridge.js';
import { createSimulatedChargingStation } from './charging-station.js';

export type Protocol = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

/** What a charge point is asked to do, whatever its version calls it. */
export interface Asked {
  readonly what: 'start' | 'stop' | 'reserve' | 'cancel';
  readonly idTag?: string | undefined;
  readonly evse?: number | undefined;
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
}

export interface StartOptions {
  readonly remoteStartId?: number | undefined;
  readonly reservationId?: number | undefined;
}

/**
 * A charge point with two EVSEs as a driver sees it: the same acts in every OCPP version. `minute` is the time of the
 * act, counted from the start of the story; the meter says what was charged since then, in Wh.
 */
export interface Charger {
  readonly protocol: Protocol;
  /** A new story begins: minute 0 is this moment. */
  begin(at: Date): void;
  /** Connects, boots and says that everything is available. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  tap(idTag: string): Promise<string>;
  plugIn(evse: number, minute: number): Promise<void>;
  /** Charging begins with an identified driver; the status of its idTag. */
  start(evse: number, idTag: string, minute: number, options?: StartOptions): Promise<string>;
  charged(wh: number, minute: number): Promise<void>;
  suspend(minute: number): Promise<void>;
  resume(minute: number): Promise<void>;
  stop(reason: string, wh: number, minute: number): Promise<void>;
  unplug(evse: number): Promise<void>;
  reserved(evse: number): Promise<void>;
  /** The charge point's own end of a reservation. */
  reservationExpired(reservationId: number, evse: number): Promise<void>;
  /** The next request of this kind; it is answered Accepted. */
  asked(what: Asked['what']): Promise<Asked>;
}

export interface ChargerOptions {
  readonly ocppPort: number;
}

const MINUTE_MS = 60_000;
const METER_START_WH = 1_000_000;

export const createCharger = (protocol: Protocol, options: ChargerOptions): Charger =>
  protocol === 'ocpp1.6' ? chargePoint(options) : chargingStation(protocol, options);

/** Waits for calls of the server that the simulators answer. */
function listener(on: (action: string, handler: CommandHandler) => void) {
  return (action: string, read: (payload: Payload) => Asked): Promise<Asked> =>
    new Promise((resolve) => {
      on(action, (payload) => {
        resolve(read(payload));
        return { status: 'Accepted' };
      });
    });
}

const number = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

function chargePoint({ ocppPort }: ChargerOptions): Charger {
  const url = `ws://127.0.0.1:${ocppPort}/ocpp`;
  const client = createSimulatedChargePoint({ url, id: CHARGE_POINT, password: PASSWORD, connectors: 2 });
  const wait = listener((action, handler) => client.on(action, handler));
  const at = (minute: number): Date => new Date(startMs + minute * MINUTE_MS);
  const status = (connectorId: number, connectorStatus: string, minute?: number) =>
    client.call('StatusNotification', {
      connectorId,
      status: connectorStatus,
      errorCode: 'NoError',
      ...(minute !== undefined && { timestamp: at(minute).toISOString() }),
    });
  let startMs = 0;
  let transactionId = 0;
  let connector = 0;

  return {
    protocol: 'ocpp1.6',
    begin: (moment) => void (startMs = moment.getTime()),
    async connect() {
      await client.connect();
      await client.boot();
      for (const each of [1, 2]) await status(each, 'Available');
    },
    disconnect: () => client.disconnect(),
    tap: (idTag) => client.authorize(idTag),
    async plugIn(evse, minute) {
      await status(evse, 'Preparing', minute);
    },
    async start(evse, idTag, minute, { reservationId } = {}) {
      const answer = await client.call('StartTransaction', {
        connectorId: evse,
        idTag,
        meterStart: METER_START_WH,
        timestamp: at(minute).toISOString(),
        ...(reservationId !== undefined && { reservationId }),
      });
      transactionId = Number(answer['transactionId']);
      connector = evse;
      const result = String((answer['idTagInfo'] as Payload)['status']);
      if (result === 'Accepted') await status(evse, 'Charging', minute);
      return result;
    },
    charged: (wh, minute) =>
      client.meterValues({ connector, transactionId, meterWh: METER_START_WH + wh, at: at(minute) }),
    async suspend(minute) {
      await status(connector, 'SuspendedEV', minute);
    },
    async resume(minute) {
      await status(connector, 'Charging', minute);
    },
    async stop(reason, wh, minute) {
      await client.stopTransaction({ transactionId, meterWh: METER_START_WH + wh, reason, at: at(minute) });
      await status(connector, 'Finishing', minute);
    },
    async unplug(evse) {
      await status(evse, 'Available');
    },
    async reserved(evse) {
      await status(evse, 'Reserved');
    },
    async reservationExpired(_reservationId, evse) {
      await status(evse, 'Available');
    },
    asked: (what) =>
      ({
        start: () =>
          wait('RemoteStartTransaction', ({ idTag, connectorId }) => ({
            what,
            idTag: String(idTag),
            evse: number(connectorId),
          })),
        stop: () => wait('RemoteStopTransaction', () => ({ what })),
        reserve: () =>
          wait('ReserveNow', ({ idTag, connectorId, reservationId }) => ({
            what,
            idTag: String(idTag),
            evse: number(connectorId),
            reservationId: number(reservationId),
          })),
        cancel: () =>
          wait('CancelReservation', ({ reservationId }) => ({ what, reservationId: number(reservationId) })),
      })[what](),
  };
}

function chargingStation(protocol: 'ocpp2.0.1' | 'ocpp2.1', { ocppPort }: ChargerOptions): Charger {
  const url = `ws://127.0.0.1:${ocppPort}/ocpp`;
  const client = createSimulatedChargingStation({ url, id: CHARGE_POINT, password: PASSWORD, protocol, evses: 2 });
  const wait = listener((action, handler) => client.on(action, handler));
  const at = (minute: number): Date => new Date(startMs + minute * MINUTE_MS);
  let startMs = 0;
  let counter = 0;
  let transactionId = '';
  let running = false;
  let evseOfTransaction = 0;

  const update = (trigger: string, minute: number, more: object = {}) =>
    client.transaction({
      step: 'Updated',
      transactionId,
      trigger,
      evse: evseOfTransaction,
      connector: 1,
      at: at(minute),
      ...more,
    });

  async function begin(evse: number, trigger: string, minute: number, more: object): Promise<string | undefined> {
    counter += 1;
    transactionId = `${protocol}-${counter}`;
    evseOfTransaction = evse;
    running = true;
    const { status } = await client.transaction({
      step: 'Started',
      transactionId,
      trigger,
      evse,
      connector: 1,
      at: at(minute),
      meterWh: METER_START_WH,
      ...more,
    });
    return status;
  }

  return {
    protocol,
    begin: (moment) => void (startMs = moment.getTime()),
    async connect() {
      await client.connect();
      await client.boot();
      for (const each of [1, 2]) await client.status(each, 1, 'Available');
    },
    disconnect: () => client.disconnect(),
    tap: (idTag) => client.authorize(idTag),
    async plugIn(evse, minute) {
      await client.status(evse, 1, 'Occupied');
      await begin(evse, 'CablePluggedIn', minute, { chargingState: 'EVConnected' });
    },
    async start(evse, idTag, minute, options = {}) {
      const status = running
        ? (
            await update(options.remoteStartId === undefined ? 'Authorized' : 'RemoteStart', minute, {
              idTag,
              ...options,
            })
          ).status
        : await begin(evse, options.remoteStartId === undefined ? 'Authorized' : 'RemoteStart', minute, {
            idTag,
            ...options,
          });
      if (status === 'Accepted') {
        await client.status(evse, 1, 'Occupied');
        await update('ChargingStateChanged', minute, { chargingState: 'Charging' });
      }
      return status ?? 'none';
    },
    async charged(wh, minute) {
      await update('MeterValuePeriodic', minute, { meterWh: METER_START_WH + wh });
    },
    async suspend(minute) {
      await update('ChargingStateChanged', minute, { chargingState: 'SuspendedEV' });
    },
    async resume(minute) {
      await update('ChargingStateChanged', minute, { chargingState: 'Charging' });
    },
    async stop(reason, wh, minute) {
      running = false;
      await client.transaction({
        step: 'Ended',
        transactionId,
        trigger: reason === 'EVDisconnected' ? 'EVCommunicationLost' : 'StopAuthorized',
        stoppedReason: reason,
        evse: evseOfTransaction,
        connector: 1,
        meterWh: METER_START_WH + wh,
        at: at(minute),
      });
    },
    async unplug(evse) {
      await client.status(evse, 1, 'Available');
    },
    async reserved(evse) {
      await client.status(evse, 1, 'Reserved');
    },
    async reservationExpired(reservationId, evse) {
      await client.call('ReservationStatusUpdate', { reservationId, reservationUpdateStatus: 'Expired' });
      await client.status(evse, 1, 'Available');
    },
    asked: (what) =>
      ({
        start: () =>
          wait('RequestStartTransaction', ({ idToken, evseId, remoteStartId }) => ({
            what,
            idTag: String((idToken as Payload)['idToken']),
            evse: number(evseId),
            remoteStartId: number(remoteStartId),
          })),
        stop: () => wait('RequestStopTransaction', () => ({ what })),
        reserve: () =>
          wait('ReserveNow', ({ id, idToken, evseId }) => ({
            what,
            idTag: String((idToken as Payload)['idToken']),
            evse: number(evseId),
            reservationId: number(id),
          })),
        cancel: () =>
          wait('CancelReservation', ({ reservationId }) => ({ what, reservationId: number(reservationId) })),
      })[what](),
  };
}
