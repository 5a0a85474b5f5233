import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CommandOutcome } from '../../src/domain/command.js';
import { handlers } from '../../ocpp-adapters/2.1/handlers.js';
import { assertValid, bootedStation, connectStation } from './stations.js';

const now = '2024-05-01T12:00:00.000Z';
const at = '2024-05-01T11:59:00.000Z';
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
const card = { idToken: 'TAG', type: 'ISO14443' };

interface Case {
  readonly payload: object;
  readonly answer: object;
  /** It is kept as a notice of this time; absent: it is kept nowhere. */
  readonly noticed?: { readonly at: string | undefined };
}

const kept = (payload: object, when?: string): Case => ({ payload, answer: {}, noticed: { at: when } });

/** What OCPP 2.0.1 does not have. */
const cases: Readonly<Record<string, Case>> = {
  BatterySwap: kept({
    batteryData: [{ evseId: 1, serialNumber: 's', soC: 50, soH: 90 }],
    eventType: 'BatteryIn',
    idToken: card,
    requestId: 1,
  }),
  ClosePeriodicEventStream: kept({ id: 1 }),
  GetCertificateChainStatus: {
    payload: {
      certificateStatusRequests: [{ certificateHashData: hash, source: 'OCSP', urls: ['http://ocsp.example'] }],
    },
    answer: { certificateStatus: [{ certificateHashData: hash, source: 'OCSP', status: 'Failed', nextUpdate: now }] },
  },
  NotifyDERAlarm: kept({ controlType: 'LFMustTrip', timestamp: at }, at),
  NotifyDERStartStop: kept({ controlId: 'c', started: true, timestamp: at }, at),
  NotifyPriorityCharging: kept({ transactionId: 'T1', activated: true }),
  NotifySettlement: kept({ pspRef: 'p', status: 'Settled', settlementAmount: 12.5, settlementTime: at }, at),
  OpenPeriodicEventStream: {
    payload: { constantStreamData: { id: 1, params: { interval: 5 }, variableMonitoringId: 2 } },
    answer: { status: 'Rejected' },
  },
  PullDynamicScheduleUpdate: { payload: { chargingProfileId: 1 }, answer: { status: 'Rejected' } },
  ReportDERControl: kept({ requestId: 1 }),
  VatNumberValidation: {
    payload: { vatNumber: 'NL1', evseId: 1 },
    answer: { status: 'Rejected', vatNumber: 'NL1', evseId: 1 },
  },
};

describe('what only OCPP 2.1 has', () => {
  for (const [action, { payload, answer, noticed }] of Object.entries(cases)) {
    it(`${action} is answered`, async (t) => {
      const { peer, domain } = await connectStation(t, 'ocpp2.1');
      assertValid('ocpp2.1', `${action}Request`, payload);
      assert.deepEqual(await peer.call(action, payload, 'id'), [3, 'id', answer]);
      assertValid('ocpp2.1', `${action}Response`, answer);
      const notice = { type: 'notice', what: action, at: noticed?.at, data: payload };
      assert.deepEqual(domain(), noticed ? [['deviceReported', 'CS1', notice]] : []);
    });

    it(`${action} is unknown to OCPP 2.0.1`, async (t) => {
      const { peer } = await connectStation(t, 'ocpp2.0.1');
      assert.equal((await peer.call(action, payload))[2], 'NotImplemented');
    });
  }

  it('has a test for every entry', () => {
    const elsewhere = ['NotifyEVChargingNeeds', 'NotifyPeriodicEventStream'];
    assert.deepEqual(Object.keys(handlers).sort(), [...Object.keys(cases), ...elsewhere].sort());
  });

  it('a VAT number of no EVSE is answered without', async (t) => {
    const { peer } = await connectStation(t, 'ocpp2.1');
    const answer = await peer.call('VatNumberValidation', { vatNumber: 'NL1' });
    assert.deepEqual(answer[2], { status: 'Rejected', vatNumber: 'NL1' });
  });

  it('a certificate of ISO 15118-20 is not signed', async (t) => {
    const { peer, domain } = await connectStation(t, 'ocpp2.1');
    const answer = await peer.call('SignCertificate', { csr: 'pem', certificateType: 'V2G20Certificate' });
    assert.deepEqual(answer[2], { status: 'Rejected' });
    assert.deepEqual(domain(), []);
  });

  it('the id of a request for a certificate comes back with it', async (t) => {
    const { peer, server, domain } = await bootedStation(t, 'ocpp2.1');
    await peer.call('SignCertificate', { csr: 'pem', requestId: 31 });
    const requested = { csrPem: 'pem', use: 'ChargingStationCertificate', requestId: 31 };
    assert.deepEqual(domain().at(-1), ['certificateRequested', 'CS1', requested]);
    const pending = server.link.send('CS1', { type: 'certificateSigned', chainPem: 'chain', requestId: 31 });
    const [, , , request] = await peer.answer({ status: 'Accepted' });
    assert.deepEqual(request, {
      certificateChain: 'chain',
      certificateType: 'ChargingStationCertificate',
      requestId: 31,
    });
    assert.equal((await pending).status, 'accepted');
  });

  it('a token may be of any type', async (t) => {
    const { peer, domain } = await connectStation(t, 'ocpp2.1');
    await peer.call('Authorize', { idToken: { idToken: 'TAG', type: 'DirectPayment' } });
    assert.deepEqual(domain(), [['authorizeAsked', 'CS1', 'TAG']]);
  });
});

describe('a SEND of OCPP 2.1', () => {
  const stream = { id: 1, pending: 0, basetime: at, data: [{ t: 0, v: '1' }] };

  it('is kept, and not answered', async (t) => {
    const { peer, domain, server } = await connectStation(t, 'ocpp2.1');
    peer.send([6, 'same', 'NotifyPeriodicEventStream', stream]);
    // ids of SENDs and CALLs are apart
    assert.equal((await peer.call('Heartbeat', {}, 'same'))[0], 3);
    const notice = { type: 'notice', what: 'NotifyPeriodicEventStream', at, data: stream };
    assert.deepEqual(domain(), [['deviceReported', 'CS1', notice]]);
    assert.equal(server.counters().calls.received, 2);
  });

  it('that is wrong, or can not be saved, is not answered either', async (t) => {
    const { peer, log, seen } = await connectStation(t, 'ocpp2.1', {
      events: { deviceReported: () => Promise.reject(new Error('disk full')) },
    });
    peer.send([6, 'a', 'NotifyPeriodicEventStream', { id: 1 }]);
    peer.send([6, 'b', 'NotifyPeriodicEventStream', stream]);
    assert.deepEqual((await peer.call('Heartbeat', {}, 'after')).slice(0, 2), [3, 'after']);
    await seen('deviceReported');
    assert.deepEqual(
      log.filter(({ msg }) => msg === 'SEND not taken').map((line) => line['reason']),
      ['pending is missing', 'the message could not be processed'],
    );
  });

  it('is not taken before a rejected charging station has booted', async (t) => {
    const { peer, domain } = await connectStation(t, 'ocpp2.1', {
      events: { booted: async () => ({ status: 'Rejected', intervalS: 60 }) },
    });
    await peer.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'A', model: 'B' } });
    peer.send([6, 'a', 'NotifyPeriodicEventStream', stream]);
    assert.equal((await peer.call('Heartbeat', {}))[2], 'SecurityError');
    assert.deepEqual(
      domain().map(([name]) => name),
      ['booted'],
    );
  });
});

describe('a CALLRESULTERROR of OCPP 2.1', () => {
  it('is counted and logged', async (t) => {
    const { peer, server, log } = await connectStation(t, 'ocpp2.1');
    await peer.call('Heartbeat', {}, 'id');
    peer.send([5, 'id', 'TypeConstraintViolation', 'currentTime', {}]);
    peer.send([5, 'id', 'Invented', 'x', {}]);
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.deepEqual(server.counters().callErrors.received, { TypeConstraintViolation: 1, other: 1 });
    assert.ok(log.some((line) => line.msg === 'answer refused' && line['errorCode'] === 'TypeConstraintViolation'));
  });

  it('is not sent in OCPP 2.0.1', async (t) => {
    const { peer, server } = await bootedStation(t, 'ocpp2.0.1');
    const pending = server.link.send('CS1', { type: 'clearCache' });
    await peer.answer({ status: 'Perhaps' });
    assert.equal((await pending).status, 'failed');
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
  });
});

/** Actions that only OCPP 2.1 has or answers otherwise, through `call`. */
const calls: readonly (readonly [string, object, object, CommandOutcome['status']])[] = [
  ['AFRRSignal', { timestamp: at, signal: 1 }, { status: 'Accepted' }, 'accepted'],
  ['ClearDisplayMessage', { id: 1 }, { status: 'Rejected' }, 'rejected'],
  ['ClearTariffs', {}, { clearTariffsResult: [{ status: 'NoTariff' }] }, 'accepted'],
  ['GetTariffs', { evseId: 0 }, { status: 'NoTariff' }, 'accepted'],
  ['GetDERControl', { requestId: 1 }, { status: 'NotSupported' }, 'not-supported'],
  ['ClearDERControl', { isDefault: false }, { status: 'NotFound' }, 'rejected'],
  ['GetPeriodicEventStream', {}, {}, 'accepted'],
  ['NotifyWebPaymentStarted', { evseId: 1, timeout: 60 }, {}, 'accepted'],
  ['UsePriorityCharging', { transactionId: 'T1', activate: true }, { status: 'NoProfile' }, 'rejected'],
  ['RequestBatterySwap', { idToken: card, requestId: 1 }, { status: 'Accepted' }, 'accepted'],
  [
    'SetDefaultTariff',
    { evseId: 0, tariff: { tariffId: 't', currency: 'EUR' } },
    { status: 'ConditionNotSupported' },
    'not-supported',
  ],
];

describe('what we call in OCPP 2.1 alone', () => {
  const station = (t: TestContext) => bootedStation(t, 'ocpp2.1');

  for (const [action, payload, answer, status] of calls) {
    it(action, async (t) => {
      const { server, peer } = await station(t);
      const pending = server.link.send('CS1', { type: 'call', action, payload: { ...payload } });
      assert.deepEqual((await peer.answer(answer)).slice(2), [action, payload]);
      const outcome = await pending;
      assert.deepEqual([outcome.status, outcome.answer], [status, answer]);
    });
  }

  it('is not called in OCPP 2.0.1', async (t) => {
    const { server } = await bootedStation(t, 'ocpp2.0.1');
    const outcome = await server.link.send('CS1', { type: 'call', action: 'GetTariffs', payload: { evseId: 0 } });
    assert.deepEqual([outcome.status, outcome.message], ['invalid', 'OCPP 2.0.1 has no action GetTariffs']);
  });
});
