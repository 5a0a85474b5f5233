import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import type { AdmissionResult } from '../../src/app/charge-point-events.js';
import { boot, connectPeer, createPeer, deferred, refusalOf, startServer } from './support.js';

const basic = (text: string | Buffer): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

describe('upgrade of a charge point (OCPP-J 1.6 §3)', () => {
  it('takes the percent-decoded id from the path and tolerates slashes and a query', async (t) => {
    const { url, all } = await startServer(t);
    for (const path of ['CP%201%2FA', 'CP2/', '/CP3', 'CP4?x=1']) await connectPeer(t, `${url}/${path}`);
    const ids = all
      .filter(([name]) => name === 'admit')
      .map(([, admission]) => (admission as { chargePointId: string }).chargePointId);
    assert.deepEqual(ids, ['CP 1/A', 'CP2', 'CP3', 'CP4']);
  });

  for (const path of [
    '/',
    '/other/CP1',
    '/ocpp',
    '/ocpp/',
    '/ocpp/a/b',
    '/ocpp/%E0%A4%A',
    '/ocpp/a%00b',
    `/ocpp/${'x'.repeat(300)}`,
  ]) {
    it(`answers 404 to the path ${path.slice(0, 40)}`, async (t) => {
      const { url, all, server } = await startServer(t);
      const refusal = await refusalOf(createPeer(t, `${new URL(url).origin.replace('http', 'ws')}${path}`));
      assert.equal(refusal.status, 404);
      assert.deepEqual(all, []);
      assert.equal(server.counters().connections.refused.path, 1);
    });
  }

  it('answers plain HTTP requests with 426', async (t) => {
    const { server } = await startServer(t);
    const response = await fetch(`http://127.0.0.1:${server.port}/ocpp/CP1`);
    assert.equal(response.status, 426);
  });

  it('chooses ocpp1.6 among the offers and repeats its spelling', async (t) => {
    const { url } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`, { protocols: ['ocpp9.9', 'OCPP1.6', 'ocpp1.5'] });
    assert.equal(peer.socket.protocol, 'OCPP1.6');
  });

  for (const [protocols, best] of [
    [['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'], 'ocpp2.1'],
    [['ocpp2.0', 'ocpp1.6', 'ocpp2.0.1'], 'ocpp2.0.1'],
  ] as const) {
    it(`chooses ${best} of ${protocols.join(', ')}, whatever their order`, async (t) => {
      const { url } = await startServer(t);
      const peer = await connectPeer(t, `${url}/CP1`, { protocols: [...protocols] });
      assert.equal(peer.socket.protocol, best);
    });
  }

  it('completes the handshake with no version in common without a subprotocol, and closes (OCPP-J 1.6 §3.2)', async (t) => {
    const { url, all, server } = await startServer(t);
    const opening = request(`${url.replace('ws:', 'http:')}/CP1`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        'Sec-WebSocket-Protocol': 'ocpp1.2, ocpp1.5',
      },
    });
    opening.end();
    const [response, socket, head] = (await once(opening, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
    assert.equal(response.statusCode, 101);
    assert.equal(response.headers['sec-websocket-protocol'], undefined);
    const frame = head.length > 0 ? head : ((await once(socket, 'data')) as [Buffer])[0];
    assert.equal(frame[0], 0x88, 'a close frame');
    assert.equal(frame.readUInt16BE(2), 1002);
    socket.destroy();
    assert.deepEqual(all, []);
    assert.equal(server.counters().connections.refused.protocol, 1);
  });

  it('knows a charge point by its id in any case, as the store does', async (t) => {
    const { url, server } = await startServer(t);
    await connectPeer(t, `${url}/Cp1`);
    assert.equal(server.link.isConnected('CP1'), true);
    assert.equal(server.link.isConnected('CP2'), false);
  });

  it('takes one that offers no subprotocol for 1.6, and notes it', async (t) => {
    const { url, server, log } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`, { protocols: [] });
    assert.equal(peer.socket.protocol, '');
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().connections.withoutProtocol, 1);
    assert.ok(log.some(({ msg }) => msg === 'charge point offers no subprotocol'));
  });

  it('passes id and password of Basic auth to admission', async (t) => {
    const { url, all } = await startServer(t);
    await connectPeer(t, `${url}/CP1`, { headers: basic('CP1:pass:wörd') });
    await connectPeer(t, `${url}/a%3Ab`, { headers: basic('a:b:secret') });
    await connectPeer(t, `${url}/CP2`, { headers: basic(Buffer.from([0x43, 0x50, 0x32, 0x3a, 0xff, 0x00, 0x9c])) });
    await connectPeer(t, `${url}/CP3`);
    const credentials = all
      .filter(([name]) => name === 'admit')
      .map(([, admission]) => (admission as { credentials: unknown }).credentials);
    assert.deepEqual(credentials, [
      { username: 'CP1', password: 'pass:wörd' },
      { username: 'a:b', password: 'secret' },
      { username: 'CP2', password: 'ff009c' },
      undefined,
    ]);
  });

  it('takes credentials of another id, or unreadable ones, for none', async (t) => {
    const { url, all } = await startServer(t);
    for (const headers of [
      basic('CP2:secret'),
      basic('CP1'),
      { authorization: 'Bearer abc' },
      { authorization: 'Basic !!' },
    ]) {
      await connectPeer(t, `${url}/CP1`, { headers });
    }
    for (const [, admission] of all.filter(([name]) => name === 'admit')) {
      assert.equal((admission as { credentials: unknown }).credentials, undefined);
    }
  });

  it('answers 401 with a challenge to a wrong password, 404 to an unknown id, and keeps passwords out of the log', async (t) => {
    let result: AdmissionResult = { result: 'unauthorized' };
    const { url, server, all, log } = await startServer(t, { events: { admit: async () => result } });
    const unauthorized = await refusalOf(createPeer(t, `${url}/CP1`, { headers: basic('CP1:hunter2hunter2') }));
    assert.equal(unauthorized.status, 401);
    assert.match(String(unauthorized.headers['www-authenticate']), /^Basic realm=/);
    result = { result: 'unknown' };
    assert.equal((await refusalOf(createPeer(t, `${url}/CP9`))).status, 404);
    assert.deepEqual(
      all.map(([name]) => name),
      ['admit', 'admit'],
    );
    const { refused } = server.counters().connections;
    assert.deepEqual([refused.unauthorized, refused.unknown], [1, 1]);
    assert.doesNotMatch(JSON.stringify(log), /hunter2/);
  });

  it('answers 500 when admission fails and 503 when it takes too long', async (t) => {
    const failing = await startServer(t, { events: { admit: async () => Promise.reject(new Error('store is away')) } });
    assert.equal((await refusalOf(createPeer(t, `${failing.url}/CP1`))).status, 500);

    const slow = await startServer(t, { events: { admit: () => deferred<AdmissionResult>().promise } });
    const refusal = refusalOf(createPeer(t, `${slow.url}/CP1`));
    await slow.seen('admit');
    await slow.clock.advance(10_000);
    assert.equal((await refusal).status, 503);
  });

  it('loses no frame that comes while admission is awaited', async (t) => {
    const admission = deferred<AdmissionResult>();
    const { server, seen } = await startServer(t, { events: { admit: () => admission.promise } });
    const socket = connect(server.port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(
      'GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
    );
    await seen('admit');
    const text = Buffer.from(JSON.stringify([2, 'early', 'BootNotification', boot]));
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    await new Promise((resolve) => setImmediate(resolve));
    admission.resolve({ result: 'admitted', booted: false });
    let answer = '';
    for await (const chunk of socket) {
      answer += (chunk as Buffer).toString('latin1');
      if (answer.includes('"early"')) break;
    }
    assert.match(answer, /\[3,"early",\{"status":"Accepted"/);
  });

  it('records the connection before it handles what comes on it', async (t) => {
    const recorded = deferred<undefined>();
    const { url, domain, seen } = await startServer(t, { events: { connected: () => recorded.promise } });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, '1', 'BootNotification', boot]);
    assert.deepEqual(await seen('connected'), ['connected', 'CP1', 'ocpp1.6']);
    peer.socket.ping();
    await once(peer.socket, 'pong');
    assert.deepEqual(domain(), []);
    recorded.resolve(undefined);
    assert.equal((await peer.next())[0], 3);
  });

  it('ends a connection that could not be recorded', async (t) => {
    const { url, seen, domain } = await startServer(t, {
      events: { connected: () => Promise.reject(new Error('store is away')) },
    });
    const peer = createPeer(t, `${url}/CP1`);
    peer.socket.once('open', () => peer.send([2, 'a', 'BootNotification', boot]));
    assert.equal((await peer.closed).code, 1011);
    await seen('disconnected');
    assert.deepEqual(domain(), []);
  });

  it('admits no more than maxConnections, but lets a charge point back in', async (t) => {
    const { url, server } = await startServer(t, { limits: { maxConnections: 2 } });
    const first = await connectPeer(t, `${url}/CP1`);
    await connectPeer(t, `${url}/CP2`);
    const refusal = await refusalOf(createPeer(t, `${url}/CP3`));
    assert.equal(refusal.status, 503);
    assert.ok(refusal.headers['retry-after']);
    await connectPeer(t, `${url}/CP1`);
    await first.closed;
    assert.equal(server.counters().connections.open, 2);
  });

  it('admits upgradesPerSecond and no more', async (t) => {
    const { url, clock } = await startServer(t, { limits: { upgradesPerSecond: 2 } });
    await connectPeer(t, `${url}/CP1`);
    await connectPeer(t, `${url}/CP2`);
    assert.equal((await refusalOf(createPeer(t, `${url}/CP3`))).status, 503);
    await clock.advance(500);
    await connectPeer(t, `${url}/CP3`);
  });
});
