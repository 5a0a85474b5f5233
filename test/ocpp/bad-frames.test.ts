import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectPeer, startServer } from './support.js';

interface Case {
  readonly what: string;
  readonly text: string;
  /** The CALLERROR: id, code, description. Absent: the frame is not answered. */
  readonly answer?: readonly [unknown, string, string | RegExp];
  /** Which counter of frames it is seen in, when it isn't answered. */
  readonly counted?: 'malformed' | 'ignored' | 'unknownAnswers';
}

const call = (action: string, payload: unknown): string => JSON.stringify([2, 'id', action, payload]);
const start = { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp: '2024-05-01T12:00:00Z' };
const stop = { transactionId: 7, meterStop: 10, timestamp: '2024-05-01T13:00:00Z' };
const available = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

/** OCPP-J 1.6 §4.2.3, Table 7. */
const cases: readonly Case[] = [
  { what: 'nothing', text: '', counted: 'malformed' },
  { what: 'words', text: 'hello', counted: 'malformed' },
  { what: 'a number', text: '2', counted: 'malformed' },
  { what: 'null', text: 'null', counted: 'malformed' },
  { what: 'an object', text: '{"action":"Heartbeat"}', counted: 'malformed' },
  { what: 'an empty array', text: '[]', counted: 'malformed' },
  { what: 'an array in an array', text: '[[2,"id","Heartbeat",{}]]', counted: 'malformed' },
  { what: 'SOAP', text: '<?xml version="1.0"?><Envelope/>', counted: 'malformed' },
  {
    what: 'a broken CALL whose id can be read',
    text: '[2,"id","Heartbeat",{',
    answer: ['id', 'FormationViolation', 'not JSON'],
  },
  { what: 'a broken CALL whose id can not be read', text: '[2,"id', counted: 'malformed' },
  { what: 'a broken CALLRESULT', text: '[3,"id",{', counted: 'malformed' },
  { what: 'an unknown message type number', text: '[5,"id","Heartbeat",{}]', counted: 'ignored' },
  { what: 'a message type number as text', text: '["2","id","Heartbeat",{}]', counted: 'ignored' },
  { what: 'a CALL of its type alone', text: '[2]', counted: 'malformed' },
  { what: 'a CALL with null for id', text: '[2,null,"Heartbeat",{}]', counted: 'malformed' },
  { what: 'a CALL with an object for id', text: '[2,{},"Heartbeat",{}]', counted: 'malformed' },
  { what: 'a CALL without action', text: '[2,"id"]', answer: ['id', 'FormationViolation', 'a CALL without action'] },
  {
    what: 'a CALL with a number for action',
    text: '[2,"id",7,{}]',
    answer: ['id', 'FormationViolation', 'a CALL without action'],
  },
  {
    what: 'a CALL of five elements',
    text: '[2,"id","Heartbeat",{},1]',
    answer: ['id', 'FormationViolation', /more than four/],
  },
  { what: 'a CALLRESULT to nothing', text: '[3,"id",{"status":"Accepted"}]', counted: 'unknownAnswers' },
  { what: 'a CALLRESULT without id', text: '[3]', counted: 'malformed' },
  { what: 'a CALLERROR to nothing', text: '[4,"id","GenericError","",{}]', counted: 'unknownAnswers' },
  { what: 'a CALLERROR without id', text: '[4,{}]', counted: 'malformed' },
  { what: 'an unknown action', text: call('MakeCoffee', {}), answer: ['id', 'NotImplemented', /not part of OCPP 1.6/] },
  { what: 'an action in another case', text: call('heartbeat', {}), answer: ['id', 'NotImplemented', /not part/] },
  {
    what: 'an action that every object has',
    text: call('constructor', {}),
    answer: ['id', 'NotImplemented', /not part/],
  },
  { what: 'an action named __proto__', text: call('__proto__', {}), answer: ['id', 'NotImplemented', /not part/] },
  { what: 'an empty action', text: call('', {}), answer: ['id', 'NotImplemented', /not part/] },
  {
    what: 'an action of the other direction',
    text: call('Reset', { type: 'Hard' }),
    answer: ['id', 'NotSupported', /from us to charge points/],
  },
  {
    what: 'an action of the other direction, of the security extension',
    text: call('GetLog', {}),
    answer: ['id', 'NotSupported', /from us to charge points/],
  },
  {
    what: 'no payload where fields are needed',
    text: '[2,"id","Authorize"]',
    answer: ['id', 'ProtocolError', 'the payload is missing'],
  },
  {
    what: 'null for payload',
    text: call('Authorize', null),
    answer: ['id', 'FormationViolation', 'the payload must be an object'],
  },
  {
    what: 'text for payload',
    text: call('StartTransaction', 'x'),
    answer: ['id', 'FormationViolation', 'the payload must be an object'],
  },
  {
    what: 'a list for payload',
    text: call('StartTransaction', [start]),
    answer: ['id', 'FormationViolation', 'the payload must be an object'],
  },
  {
    what: 'a text for the payload of a Heartbeat',
    text: call('Heartbeat', 'now'),
    answer: ['id', 'FormationViolation', 'the payload must be an object'],
  },
  {
    what: 'Authorize without idTag',
    text: call('Authorize', {}),
    answer: ['id', 'OccurenceConstraintViolation', 'idTag is missing'],
  },
  {
    what: 'Authorize with null for idTag',
    text: call('Authorize', { idTag: null }),
    answer: ['id', 'OccurenceConstraintViolation', 'idTag is missing'],
  },
  {
    what: 'Authorize with a list for idTag',
    text: call('Authorize', { idTag: ['TAG'] }),
    answer: ['id', 'TypeConstraintViolation', 'idTag must be string'],
  },
  {
    what: 'BootNotification without vendor',
    text: call('BootNotification', { chargePointModel: 'One' }),
    answer: ['id', 'OccurenceConstraintViolation', 'chargePointVendor is missing'],
  },
  {
    what: 'StatusNotification with an unknown status',
    text: call('StatusNotification', { ...available, status: 'Sleeping' }),
    answer: ['id', 'PropertyConstraintViolation', /^status must be one of Available, Preparing/],
  },
  {
    what: 'StatusNotification without status',
    text: call('StatusNotification', { connectorId: 1, errorCode: 'NoError' }),
    answer: ['id', 'OccurenceConstraintViolation', 'status is missing'],
  },
  {
    what: 'StatusNotification with a fractional connector',
    text: call('StatusNotification', { ...available, connectorId: 1.5 }),
    answer: ['id', 'TypeConstraintViolation', 'connectorId must be integer'],
  },
  {
    what: 'StatusNotification with an object for errorCode',
    text: call('StatusNotification', { ...available, errorCode: {} }),
    answer: ['id', 'TypeConstraintViolation', 'errorCode must be string'],
  },
  {
    what: 'StartTransaction with a word for connectorId',
    text: call('StartTransaction', { ...start, connectorId: 'left' }),
    answer: ['id', 'TypeConstraintViolation', 'connectorId must be integer'],
  },
  {
    what: 'StartTransaction with a word for meterStart',
    text: call('StartTransaction', { ...start, meterStart: 'full' }),
    answer: ['id', 'TypeConstraintViolation', 'meterStart must be integer'],
  },
  {
    what: 'StartTransaction without idTag',
    text: call('StartTransaction', { ...start, idTag: undefined }),
    answer: ['id', 'OccurenceConstraintViolation', 'idTag is missing'],
  },
  {
    what: 'StopTransaction with transactionData of words',
    text: call('StopTransaction', { ...stop, transactionData: ['x'] }),
    answer: ['id', 'TypeConstraintViolation', 'transactionData.0 must be object'],
  },
  {
    what: 'MeterValues without connector',
    text: call('MeterValues', { meterValue: [] }),
    answer: ['id', 'OccurenceConstraintViolation', 'connectorId is missing'],
  },
  {
    what: 'MeterValues with a word for meterValue',
    text: call('MeterValues', { connectorId: 1, meterValue: 'x' }),
    answer: ['id', 'TypeConstraintViolation', 'meterValue must be array'],
  },
  {
    what: 'DataTransfer without vendor',
    text: call('DataTransfer', { data: 'x' }),
    answer: ['id', 'OccurenceConstraintViolation', 'vendorId is missing'],
  },
  {
    what: 'FirmwareStatusNotification with an unknown status',
    text: call('FirmwareStatusNotification', { status: 'Melting' }),
    answer: ['id', 'PropertyConstraintViolation', /^status must be one of/],
  },
];

describe('malformed frames and invalid payloads: the exact answer, and nothing happens', () => {
  for (const { what, text, answer, counted } of cases) {
    it(what, async (t) => {
      const { url, domain, server } = await startServer(t);
      const peer = await connectPeer(t, `${url}/CP1`);
      peer.sendText(text);
      if (answer) {
        const [type, id, code, description, details, ...more] = await peer.next();
        assert.deepEqual([type, id, code, details, more], [4, answer[0], answer[1], {}, []]);
        if (typeof answer[2] === 'string') assert.equal(description, answer[2]);
        else assert.match(String(description), answer[2]);
        assert.deepEqual(server.counters().callErrors.sent, { [answer[1]]: 1 });
      }
      // the connection lives on, and nothing else was answered
      assert.deepEqual((await peer.call('Heartbeat', {}, 'after')).slice(0, 2), [3, 'after']);
      assert.deepEqual(domain(), []);
      const { frames, commands } = server.counters();
      assert.equal({ ...frames, ...commands }[counted ?? 'unknownAnswers'], counted ? 1 : 0);
    });
  }

  it('limits the description to 255 characters', async (t) => {
    const { url } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    const answer = await peer.call('MeterValues', {
      connectorId: 1,
      meterValue: [],
      ['x'.repeat(400)]: 1,
      transactionId: {},
    });
    assert.equal(answer[2], 'TypeConstraintViolation');
    const long = await peer.call('StopTransaction', {
      ...stop,
      transactionData: [{ ...start, sampledValue: [{ value: {} }] }],
    });
    assert.ok(String(long[3]).length <= 255);
    assert.deepEqual(long.slice(2, 4), [
      'TypeConstraintViolation',
      'transactionData.0.sampledValue.0.value must be string',
    ]);
  });

  it('refuses what is nested too deeply or wrong too often', async (t) => {
    const { url, domain } = await startServer(t, { limits: { maxFrameBytes: 512 * 1024 } });
    const peer = await connectPeer(t, `${url}/CP1`);
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    peer.sendText(`[2,"deep","DataTransfer",{"vendorId":"x","data":${deep}}]`);
    assert.deepEqual((await peer.next()).slice(0, 4), [4, 'deep', 'TypeConstraintViolation', 'data must be string']);
    peer.sendText(deep);
    const wrong = { connectorId: 1, meterValue: Array.from({ length: 50_000 }, () => 0) };
    const often = await peer.call('MeterValues', wrong);
    assert.deepEqual(often.slice(2, 4), ['GenericError', 'too much is wrong with the payload']);
    assert.deepEqual(domain(), []);
  });

  it('is never a crash: bytes at random', async (t) => {
    const { url, domain } = await startServer(t, { limits: { maxBadFrames: 10_000 } });
    const peer = await connectPeer(t, `${url}/CP1`);
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const valid = JSON.stringify([2, 'id', 'StartTransaction', { ...start, extra: [null, { a: 1 }] }]);
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(valid);
      for (let flip = 0; flip < 1 + random(4); flip++) bytes[random(bytes.length)] = 32 + random(90);
      peer.sendText(bytes.toString('latin1'));
    }
    peer.send([2, 'after', 'Heartbeat', {}]);
    for (let frame = await peer.next(); frame[1] !== 'after'; frame = await peer.next())
      assert.ok([3, 4].includes(Number(frame[0])));
    assert.ok(domain().every(([name]) => name === 'transactionStarted'));
  });
});
