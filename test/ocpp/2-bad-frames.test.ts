import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bothProtocols, connectStation, type Protocol2 } from './stations.js';

interface Case {
  readonly what: string;
  readonly text: string;
  /** The CALLERROR: id, code, description. Absent: the frame is not answered. */
  readonly answer?: readonly [string, string, string | RegExp];
  /** Which counter the frame is seen in. */
  readonly counted?: 'malformed' | 'ignored' | 'unknownAnswers';
  /** Absent: both. */
  readonly only?: Protocol2;
}

const call = (action: string, payload: unknown): string => JSON.stringify([2, 'id', action, payload]);
const at = '2024-05-01T12:00:00Z';
const event = {
  eventType: 'Started',
  timestamp: at,
  triggerReason: 'Authorized',
  seqNo: 0,
  transactionInfo: { transactionId: 'T1' },
};
const available = { timestamp: at, connectorStatus: 'Available', evseId: 1, connectorId: 1 };
const station = { vendorName: 'A', model: 'B' };
const unknownType = 'unknown message type number';

/** OCPP-J 2.0.1 §4.2.3, §4.3. */
const cases: readonly Case[] = [
  { what: 'words', text: 'hello', counted: 'malformed', answer: ['-1', 'RpcFrameworkError', 'not JSON'] },
  { what: 'null', text: 'null', counted: 'malformed', answer: ['-1', 'RpcFrameworkError', 'not a JSON array'] },
  { what: 'an object', text: '{}', counted: 'malformed', answer: ['-1', 'RpcFrameworkError', 'not a JSON array'] },
  {
    what: 'an empty array',
    text: '[]',
    counted: 'malformed',
    answer: ['-1', 'RpcFrameworkError', 'no message type number'],
  },
  {
    what: 'a broken CALL whose id can be read',
    text: '[2,"id","Heartbeat",{',
    counted: 'malformed',
    answer: ['id', 'RpcFrameworkError', 'not JSON'],
  },
  {
    what: 'a broken CALL whose id can not be read',
    text: '[2,"id',
    counted: 'malformed',
    answer: ['-1', 'RpcFrameworkError', 'not JSON'],
  },
  { what: 'a broken CALLRESULT', text: '[3,"id",{', counted: 'malformed' },
  { what: 'a broken CALLERROR', text: '[4,"id","Gen', counted: 'malformed' },
  {
    what: 'a CALL with null for id',
    text: '[2,null,"Heartbeat",{}]',
    counted: 'malformed',
    answer: ['-1', 'RpcFrameworkError', 'a CALL without message id'],
  },
  {
    what: 'a CALL without action',
    text: '[2,"id"]',
    counted: 'malformed',
    answer: ['id', 'RpcFrameworkError', 'a CALL without action'],
  },
  {
    what: 'a CALL of five elements',
    text: '[2,"id","Heartbeat",{},1]',
    counted: 'malformed',
    answer: ['id', 'RpcFrameworkError', /more than four/],
  },
  {
    what: 'an unknown message type number',
    text: '[7,"id","Heartbeat",{}]',
    counted: 'ignored',
    answer: ['id', 'MessageTypeNotSupported', unknownType],
  },
  {
    what: 'an unknown message type number without id',
    text: '[7]',
    counted: 'ignored',
    answer: ['-1', 'MessageTypeNotSupported', unknownType],
  },
  {
    what: 'a CALLRESULTERROR, which OCPP 2.0.1 does not have',
    text: '[5,"id","GenericError","",{}]',
    counted: 'ignored',
    answer: ['id', 'MessageTypeNotSupported', unknownType],
    only: 'ocpp2.0.1',
  },
  {
    what: 'a SEND, which OCPP 2.0.1 does not have',
    text: '[6,"id","NotifyPeriodicEventStream",{}]',
    counted: 'ignored',
    answer: ['id', 'MessageTypeNotSupported', unknownType],
    only: 'ocpp2.0.1',
  },
  { what: 'a CALLRESULTERROR without id', text: '[5]', counted: 'malformed', only: 'ocpp2.1' },
  { what: 'a SEND without action', text: '[6,"id"]', counted: 'malformed', only: 'ocpp2.1' },
  { what: 'a SEND of what is no SEND', text: '[6,"id","Heartbeat",{}]', counted: 'ignored', only: 'ocpp2.1' },
  { what: 'a CALLRESULT to nothing', text: '[3,"id",{}]', counted: 'unknownAnswers' },
  { what: 'a CALLERROR to nothing', text: '[4,"id","GenericError","",{}]', counted: 'unknownAnswers' },
  { what: 'an action of OCPP 1.6', text: call('StopTransaction', {}), answer: ['id', 'NotImplemented', /not part/] },
  { what: 'an action in another case', text: call('heartbeat', {}), answer: ['id', 'NotImplemented', /not part/] },
  { what: 'an action named __proto__', text: call('__proto__', {}), answer: ['id', 'NotImplemented', /not part/] },
  { what: 'the name of a schema', text: call('HeartbeatRequest', {}), answer: ['id', 'NotImplemented', /not part/] },
  {
    what: 'an action of the other direction',
    text: call('GetVariables', {}),
    answer: ['id', 'NotSupported', 'this action goes from us to charging stations'],
  },
  {
    what: 'no payload where fields are needed',
    text: '[2,"id","Authorize"]',
    answer: ['id', 'ProtocolError', 'the payload is missing'],
  },
  {
    what: 'text for payload',
    text: call('TransactionEvent', 'x'),
    answer: ['id', 'FormatViolation', 'the payload must be an object'],
  },
  {
    what: 'a list for payload',
    text: call('TransactionEvent', [event]),
    answer: ['id', 'FormatViolation', 'the payload must be an object'],
  },
  {
    what: 'Authorize with the text of OCPP 1.6',
    text: call('Authorize', { idToken: 'TAG' }),
    answer: ['id', 'TypeConstraintViolation', 'idToken must be object'],
  },
  {
    what: 'Authorize without type',
    text: call('Authorize', { idToken: { idToken: 'TAG' } }),
    answer: ['id', 'OccurrenceConstraintViolation', 'idToken.type is missing'],
  },
  {
    what: 'BootNotification of OCPP 1.6',
    text: call('BootNotification', { chargePointVendor: 'A', chargePointModel: 'B' }),
    answer: ['id', 'OccurrenceConstraintViolation', 'chargingStation is missing'],
  },
  {
    what: 'BootNotification without vendor',
    text: call('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'B' } }),
    answer: ['id', 'OccurrenceConstraintViolation', 'chargingStation.vendorName is missing'],
  },
  {
    what: 'a list for a text',
    text: call('BootNotification', { reason: 'PowerUp', chargingStation: { ...station, model: [] } }),
    answer: ['id', 'TypeConstraintViolation', 'chargingStation.model must be string'],
  },
  {
    what: 'StatusNotification without EVSE',
    text: call('StatusNotification', { ...available, evseId: undefined }),
    answer: ['id', 'OccurrenceConstraintViolation', 'evseId is missing'],
  },
  {
    what: 'StatusNotification with a word of its own',
    text: call('StatusNotification', { ...available, connectorStatus: 'Tired' }),
    answer: ['id', 'PropertyConstraintViolation', /^connectorStatus must be one of Available, Occupied/],
  },
  {
    what: 'an EVSE that is no whole number',
    text: call('StatusNotification', { ...available, evseId: 1.5 }),
    answer: ['id', 'TypeConstraintViolation', 'evseId must be integer'],
  },
  {
    what: 'TransactionEvent without sequence number',
    text: call('TransactionEvent', { ...event, seqNo: undefined }),
    answer: ['id', 'OccurrenceConstraintViolation', 'seqNo is missing'],
  },
  {
    what: 'TransactionEvent with a step of its own',
    text: call('TransactionEvent', { ...event, eventType: 'Paused' }),
    answer: ['id', 'PropertyConstraintViolation', 'eventType must be one of Ended, Started, Updated'],
  },
  {
    what: 'TransactionEvent without transaction',
    text: call('TransactionEvent', { ...event, transactionInfo: {} }),
    answer: ['id', 'OccurrenceConstraintViolation', 'transactionInfo.transactionId is missing'],
  },
  {
    what: 'a value that is no number',
    text: call('TransactionEvent', { ...event, meterValue: [{ timestamp: at, sampledValue: [{ value: 'much' }] }] }),
    answer: ['id', 'TypeConstraintViolation', 'meterValue.0.sampledValue.0.value must be number'],
  },
  {
    what: 'ReservationStatusUpdate with a word of its own',
    text: call('ReservationStatusUpdate', { reservationId: 1, reservationUpdateStatus: 'Forgotten' }),
    answer: ['id', 'PropertyConstraintViolation', /^reservationUpdateStatus must be one of Expired, Removed/],
  },
];

for (const protocol of bothProtocols) {
  describe(`what can not be understood in ${protocol}`, () => {
    for (const { what, text, answer, counted } of cases.filter(({ only }) => !only || only === protocol)) {
      it(what, async (t) => {
        const { peer, server, domain } = await connectStation(t, protocol);
        peer.sendText(text);
        if (answer) {
          const [id, code, description] = answer;
          const [type, ...error] = await peer.next();
          assert.deepEqual([type, error[0], error[1], error[3]], [4, id, code, {}]);
          if (typeof description === 'string') assert.equal(error[2], description);
          else assert.match(String(error[2]), description);
        }
        // the connection lives on, and nothing else was answered
        assert.deepEqual((await peer.call('Heartbeat', {}, 'after')).slice(0, 2), [3, 'after']);
        assert.deepEqual(domain(), []);
        const { frames, commands, callErrors } = server.counters();
        const counts = { ...frames, ...commands };
        for (const name of ['malformed', 'ignored', 'unknownAnswers'] as const) {
          assert.equal(counts[name], name === counted ? 1 : 0, name);
        }
        assert.deepEqual(callErrors.sent, answer ? { [answer[1]]: 1 } : {});
      });
    }

    it('again and again ends the connection', async (t) => {
      const { peer } = await connectStation(t, protocol, { limits: { maxBadFrames: 3 } });
      for (let count = 0; count < 3; count += 1) peer.sendText('noise');
      assert.equal((await peer.closed).code, 1002);
    });

    it('is never a crash: bytes at random', async (t) => {
      const { peer, domain } = await connectStation(t, protocol, { limits: { maxBadFrames: 10_000 } });
      let seed = 11;
      const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
      const valid = JSON.stringify([2, 'id', 'TransactionEvent', { ...event, evse: { id: 1 }, extra: [null] }]);
      for (let round = 0; round < 300; round++) {
        const bytes = Buffer.from(valid);
        for (let flip = 0; flip < 1 + random(4); flip++) bytes[random(bytes.length)] = 32 + random(90);
        peer.sendText(bytes.toString('latin1'));
      }
      peer.send([2, 'after', 'Heartbeat', {}]);
      for (let frame = await peer.next(); frame[1] !== 'after'; frame = await peer.next())
        assert.ok([3, 4].includes(Number(frame[0])));
      assert.ok(domain().every(([name]) => name === 'transactionStep'));
    });
  });
}
