import assert from 'node:assert/strict';
import type { Entry } from './entry.js';
import { ago } from './stage.js';

const register = 'Energy.Active.Import.Register';

/** Everything about energy. */
export const registers: readonly Entry[] = [
  {
    name: 'zero-baseline',
    seen: 'an offline start with register 0, then the lifetime register: 910 kWh billed for 0.083',
    threads: ['citrineos/citrineos-core#1060', 'evcc-io/evcc#29374', 'evcc-io/evcc#29654'],
    rule: 'a step that no outlet can make is not billed; what follows counts from where it led',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `register-jumped`',
    async story(stage) {
      const id = await stage.start({ meterStart: 0 });
      await stage.sample(id, 909_948, 50);
      await stage.sample(id, 910_000, 30);
      await stage.stop(id, 910_031);
      await stage.billed(83, ['register-jumped']);
    },
  },
  {
    name: 'zero-baseline-known-register',
    seen: 'the same after so many hours that the outlet could have made the step',
    threads: ['citrineos/citrineos-core#1060'],
    rule: 'a start of 0 where the connector has a larger register is a placeholder: the next reading is the start',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `meter-start-implausible`',
    async story(stage) {
      const before = await stage.start({ meterStart: 905_000, timestamp: ago(3_000) });
      await stage.stop(before, 906_000, { timestamp: ago(2_900) });
      await stage.billed(1_000, []);
      const id = await stage.start({ meterStart: 0, timestamp: ago(1_500) });
      await stage.sample(id, 909_948, 50);
      await stage.stop(id, 910_031);
      const session = await stage.billed(83, ['meter-start-implausible'], 2);
      assert.equal(session.meterStartWh, 909_948);
    },
  },
  {
    name: 'register-per-session',
    seen: 'a register that starts at 0 with each transaction',
    threads: ['evcc-io/evcc#33256', 'ChargeTimeEU/Java-OCA-OCPP#331'],
    rule: 'differences count, so it is as good as another',
    where: 'src/domain/register.ts',
    async story(stage) {
      for (const [count, energyWh] of [
        [1, 8_000],
        [2, 9_500],
      ] as const) {
        const id = await stage.start({ meterStart: 0, timestamp: ago(count === 1 ? 300 : 100) });
        await stage.sample(id, 4_000, count === 1 ? 250 : 50);
        await stage.stop(id, energyWh, { timestamp: ago(count === 1 ? 200 : 0) });
        await stage.billed(energyWh, [], count);
      }
    },
  },
  {
    name: 'register-drops-once',
    seen: 'a reading of 0 now and then',
    threads: ['lbbrhzn/ocpp#1756', 'lbbrhzn/ocpp#1776'],
    rule: 'counts for nothing unless the next reading bears it out',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `register-went-backwards`',
    async story(stage) {
      const id = await stage.start({ meterStart: 16_000_000 });
      await stage.sample(id, 16_001_000, 40);
      await stage.sample(id, 0, 30);
      await stage.sample(id, 16_002_000, 20);
      await stage.stop(id, 16_003_000);
      await stage.billed(3_000, ['register-went-backwards']);
    },
  },
  {
    name: 'register-reset',
    seen: 'a register that starts again at 0 in the middle, after a reboot',
    threads: ['ChargeTimeEU/Java-OCA-OCPP#331'],
    rule: 'what it counts from then on is added to what was charged before',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `register-went-backwards`',
    async story(stage) {
      const id = await stage.start();
      await stage.sample(id, 4_000, 40);
      await stage.sample(id, 0, 30);
      await stage.sample(id, 500, 20);
      await stage.stop(id, 1_500);
      await stage.billed(4_500, ['register-went-backwards']);
    },
  },
  {
    name: 'lifetime-beside-session-register',
    seen: 'samples of the transaction from a register of the session, samples without its id from the lifetime register',
    threads: ['lbbrhzn/ocpp#919', 'lbbrhzn/ocpp#374', 'lbbrhzn/ocpp#1741'],
    rule: 'once samples have named the transaction, those that do not are not of it',
    where: 'src/app/transactions.ts',
    async story(stage) {
      const id = await stage.start({ meterStart: 0 });
      await stage.sample(id, 1_000, 50);
      await stage.sample(undefined, 7_783_903, 45, { context: 'Sample.Clock' });
      await stage.sample(undefined, 7_784_903, 40, { context: 'Sample.Clock' });
      await stage.sample(id, 2_000, 30);
      await stage.stop(id, 3_000);
      await stage.billed(3_000, []);
    },
  },
  {
    name: 'begin-beside-now',
    seen: 'every sample repeats the register at Transaction.Begin, as the last of its values',
    threads: ['evcc-io/evcc#33256', 'lbbrhzn/ocpp#1838', 'evcc-io/evcc#15768'],
    rule: 'a register of the begin counts only when there is no other',
    where: 'src/domain/meter.ts',
    async story(stage) {
      const id = await stage.start({ meterStart: 235_800 });
      await stage.sampled(id, 30, [
        { value: '237000', context: 'Sample.Periodic', measurand: register, unit: 'Wh' },
        { value: '235800', context: 'Transaction.Begin', measurand: register, unit: 'Wh' },
      ]);
      assert.equal((await stage.sessions())[0]?.energyWh, 1_200);
      await stage.sampled(id, 20, [
        { value: '235800', context: 'Transaction.Begin', measurand: register, unit: 'Wh' },
        { value: '237500', context: 'Sample.Periodic', measurand: register, unit: 'Wh' },
      ]);
      assert.equal((await stage.sessions())[0]?.energyWh, 1_700);
      await stage.stop(id, 238_800);
      await stage.billed(3_000, []);
    },
  },
  {
    name: 'kwh-called-wh',
    seen: 'start and stop in Wh, samples in kWh that are called Wh',
    threads: ['OpenEVSE/openevse_esp32_firmware#703'],
    rule: 'a reading that fits only when its unit is the other one is of the other one',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `unit-mislabelled`',
    async story(stage) {
      const id = await stage.start({ meterStart: 361_400 });
      await stage.sample(id, 361, 50);
      await stage.sample(id, 362, 40);
      await stage.sample(id, 363, 30);
      await stage.stop(id, 364_000);
      await stage.billed(2_600, ['unit-mislabelled']);
    },
  },
  {
    name: 'wh-called-kwh',
    seen: 'start and stop in Wh, samples in Wh that are called kWh',
    threads: ['OpenEVSE/openevse_esp32_firmware#703'],
    rule: 'the same the other way round',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `unit-mislabelled`',
    async story(stage) {
      const id = await stage.start({ meterStart: 361_400 });
      await stage.sample(id, 362_400, 40, { unit: 'kWh' });
      assert.equal((await stage.sessions())[0]?.energyWh, 1_000);
      await stage.stop(id, 364_000);
      await stage.billed(2_600, ['unit-mislabelled']);
    },
  },
  {
    name: 'kwh-by-model',
    seen: 'models of which all registers are in kWh that are called Wh',
    threads: ['OpenEVSE/openevse_esp32_firmware#703'],
    rule: 'an entry in the table of models: multiplied by 1000',
    where: 'src/domain/dialects.ts',
    recorded: 'anomaly `unit-mislabelled`, deviation by the name of the entry',
    opening: { boot: false },
    async story(stage) {
      await stage.cp.call('BootNotification', {
        chargePointVendor: 'OpenEVSE',
        chargePointModel: 'Advanced Series',
        firmwareVersion: '4.2.2',
      });
      const id = await stage.start({ meterStart: 361 });
      await stage.sampled(id, 30, [
        { value: '9451', measurand: 'Power.Active.Import', unit: 'W' },
        { value: '363', measurand: register, unit: 'Wh' },
      ]);
      await stage.stop(id, 366);
      await stage.billed(5_000, ['unit-mislabelled']);
      await stage.deviated('openevse-kwh');
    },
  },
  {
    name: 'phases-only',
    seen: 'registers of single phases only, some of them of a phase `N`',
    threads: ['lbbrhzn/ocpp#1925', 'lbbrhzn/ocpp#1311'],
    rule: 'the lines are added up; N is no line',
    where: 'src/domain/meter.ts',
    async story(stage) {
      const id = await stage.start({ meterStart: 3_000 });
      await stage.sampled(id, 30, [
        { value: '2000', measurand: register, phase: 'L1' },
        { value: '2000', measurand: register, phase: 'L2-N' },
        { value: '1000', measurand: register, phase: 'L3', unit: 'Wh' },
        { value: '9', measurand: register, phase: 'N' },
      ]);
      assert.equal((await stage.sessions())[0]?.energyWh, 2_000);
      await stage.stop(id, 6_000);
      await stage.billed(3_000, []);
    },
  },
  {
    name: 'inlet-only',
    seen: 'the register of the inlet, alone or beside that of the outlet',
    threads: ['sap-labs-france/ev-server#3823', 'lbbrhzn/ocpp#830'],
    rule: 'the inlet counts only when there is nothing at the outlet',
    where: 'src/domain/meter.ts',
    async story(stage) {
      const id = await stage.start();
      await stage.sample(id, 2_000, 30, { location: 'Inlet' });
      assert.equal((await stage.sessions())[0]?.energyWh, 1_000);
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'no-unit-no-measurand',
    seen: 'a value and nothing else',
    threads: ['lbbrhzn/ocpp#1989'],
    rule: "the standard's defaults: the import register at the outlet, in Wh",
    where: 'src/domain/meter.ts',
    async story(stage) {
      const id = await stage.start();
      await stage.sampled(id, 30, [{ value: '2500' }]);
      assert.equal((await stage.sessions())[0]?.energyWh, 1_500);
      await stage.stop(id, 3_000);
      await stage.billed(2_000, []);
    },
  },
  {
    name: 'meter-stop-unknown',
    seen: 'meterStop −1 where the register is not known',
    threads: ['lorenzodonini/ocpp-go#114'],
    rule: 'the last reading counts, of transactionData or before',
    where: 'src/app/corrections.ts',
    recorded: 'anomaly `meter-stop-missing` where there is no other reading',
    async story(stage) {
      const id = await stage.start({ timestamp: ago(90) });
      await stage.sample(id, 2_500, 70);
      await stage.stop(id, -1, { timestamp: ago(60) });
      await stage.billed(1_500, ['meter-stop-missing']);
      const next = await stage.start({ meterStart: 2_500, timestamp: ago(50) });
      await stage.stop(next, -1, {
        transactionData: [{ timestamp: ago(0), sampledValue: [{ value: '4500', context: 'Transaction.End' }] }],
      });
      await stage.billed(2_000, [], 2);
    },
  },
  {
    name: 'meter-stop-zero',
    seen: 'meterStop 0 where the meter was never asked',
    threads: ['matth-x/MicroOcpp#73', 'dallmann-consulting/OCPP.Core#33'],
    rule: 'never a negative energy: the last reading counts',
    where: 'src/domain/register.ts',
    recorded: 'anomaly `register-went-backwards`',
    async story(stage) {
      const id = await stage.start();
      await stage.sample(id, 2_500, 30);
      await stage.stop(id, 0);
      await stage.billed(1_500, ['register-went-backwards']);
    },
  },
  {
    name: 'no-meter-values',
    seen: 'never a MeterValues',
    threads: ['evcc-io/evcc#7049'],
    rule: 'start and stop are enough',
    where: 'src/domain/session-end.ts',
    async story(stage) {
      const id = await stage.start();
      await stage.stop(id, 12_345);
      await stage.billed(11_345, []);
    },
  },
];
