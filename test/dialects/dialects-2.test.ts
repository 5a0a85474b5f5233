import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PASSWORD, until } from '../support/bridge.js';
import { createSimulatedChargingStation, type SimulatedChargingStation } from '../support/charging-station.js';
import { ago, CARD, off, openTheatre, type Stage, type Theatre } from './stage.js';

const MINUTE_MS = 60_000;

/** The rules of meaning live below the versions: what holds over 1.6 holds over 2.x. */
for (const protocol of ['ocpp2.0.1', 'ocpp2.1'] as const) {
  describe(`what charging stations of ${protocol} do`, () => {
    let theatre: Theatre;
    const open: SimulatedChargingStation[] = [];
    before(async () => {
      theatre = await openTheatre(5);
    });
    after(async () => {
      await Promise.all(open.map((station) => station.disconnect()));
      await theatre.close();
    });

    async function stationOf(stage: Stage): Promise<SimulatedChargingStation> {
      const station = createSimulatedChargingStation({
        url: `ws://127.0.0.1:${theatre.world.bridge.ocppPort}/ocpp`,
        protocol,
        id: stage.id,
        password: PASSWORD,
        evses: 2,
      });
      open.push(station);
      await station.connect();
      await station.boot();
      return station;
    }

    /** Steps of one transaction on EVSE 1: what it did, the register, and how many minutes ago. */
    async function play(
      station: SimulatedChargingStation,
      steps: readonly (readonly ['Started' | 'Updated' | 'Ended', meterWh: number, minutesAgo: number])[],
      of: { readonly offline?: boolean; readonly id?: string } = {},
    ): Promise<void> {
      for (const [seqNo, [step, meterWh, minutes]] of steps.entries()) {
        await station.transaction({
          step,
          seqNo,
          transactionId: of.id ?? 'tx-1',
          trigger: { Started: 'Authorized', Updated: 'MeterValuePeriodic', Ended: 'StopAuthorized' }[step],
          evse: 1,
          connector: 1,
          meterWh,
          at: new Date(ago(minutes)),
          ...(of.offline && { offline: true }),
          ...(step === 'Started' && { idTag: CARD, chargingState: 'Charging' }),
          ...(step === 'Ended' && { stoppedReason: 'Local' }),
        });
      }
    }

    it('begin offline with register 0, then tell the lifetime register (citrineos-core#1060)', async () => {
      const stage = await theatre.stage({ connect: false });
      const station = await stationOf(stage);
      await play(
        station,
        [
          ['Started', 0, 60],
          ['Updated', 909_948, 40],
          ['Updated', 910_000, 20],
          ['Ended', 910_031, 0],
        ],
        { offline: true },
      );
      await stage.billed(83, ['register-jumped']);
    });

    it('send every step twice (citrineos-core#880)', async () => {
      const stage = await theatre.stage({ connect: false });
      const station = await stationOf(stage);
      const steps = [
        ['Started', 1_000, 60],
        ['Updated', 2_000, 30],
        ['Ended', 3_000, 0],
      ] as const;
      await play(station, steps);
      await play(station, steps);
      await stage.billed(2_000, []);
    });

    it('tell the start last: a register of 0 in it is no start', async () => {
      const stage = await theatre.stage({ connect: false });
      const station = await stationOf(stage);
      const send = (step: 'Started' | 'Updated' | 'Ended', seqNo: number, meterWh: number, minutes: number) =>
        station.transaction({
          step,
          seqNo,
          transactionId: 'tx-late',
          trigger: step === 'Started' ? 'Authorized' : 'MeterValuePeriodic',
          evse: 1,
          connector: 1,
          idTag: CARD,
          meterWh,
          at: new Date(ago(minutes)),
        });
      await send('Updated', 1, 909_948, 30);
      await send('Started', 0, 0, 40);
      await send('Ended', 2, 911_948, 0);
      const session = await stage.billed(2_000, ['meter-start-implausible']);
      assert.ok(off(session.startedAt, ago(40)) < MINUTE_MS, session.startedAt);
    });

    it('have a clock that is ahead', async () => {
      const stage = await theatre.stage({ connect: false });
      const station = await stationOf(stage);
      await play(station, [
        ['Started', 1_000, -120],
        ['Ended', 3_000, -121],
      ]);
      const session = await stage.billed(2_000, ['clock-corrected']);
      assert.ok(off(session.endedAt, ago(0)) < 2 * MINUTE_MS, session.endedAt);
      await stage.deviated('clock-offset');
    });

    it('speak of EVSE 0 while another charges (lbbrhzn/ocpp#2020)', async () => {
      const stage = await theatre.stage({ connect: false });
      const station = await stationOf(stage);
      const statusOf = (evse: number): string | undefined => {
        const evses = (stage.world.emsp.objects.locations.get('NL/RBR/LOC1')?.['evses'] ?? []) as readonly {
          readonly uid: string;
          readonly status: string;
        }[];
        return evses.find(({ uid }) => uid === `${stage.id}-${evse}`)?.status;
      };
      await station.status(1, 1, 'Occupied');
      await play(station, [['Started', 1_000, 5]]);
      await until(() => statusOf(1) === 'CHARGING', 'CHARGING');
      await station.status(0, 0, 'Available');
      await station.status(2, 1, 'Available');
      await until(() => statusOf(2) === 'AVAILABLE', 'AVAILABLE');
      assert.equal(statusOf(1), 'CHARGING');
    });
  });
}
