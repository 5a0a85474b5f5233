import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import type { TlsMaterial } from '../../src/ports.js';
import { authorityIn, newFolder } from '../support/pki.js';
import { until } from '../support/bridge.js';
import { boot, connectPeer, createPeer, refusalOf, startServer } from './support.js';

const heartbeat = (id: number): unknown => [2, `h${id}`, 'Heartbeat', {}];

/** The next `count` frames. */
async function frames(peer: Awaited<ReturnType<typeof connectPeer>>, count: number): Promise<unknown[][]> {
  const received: unknown[][] = [];
  while (received.length < count) received.push(await peer.next());
  return received;
}

describe('a flood of one charge point', () => {
  const limits = { messagesPerSecond: 10, messageBurst: 20, maxQueuedCalls: 1000 };

  it('is slowed down: nothing is lost, others are not affected, and it is logged once', async (t) => {
    const { url, server, clock, log } = await startServer(t, { limits });
    const flooding = await connectPeer(t, `${url}/CP1`);
    const other = await connectPeer(t, `${url}/CP2`);
    for (let id = 0; id < 25; id += 1) flooding.send(heartbeat(id));
    const first = await frames(flooding, 25);
    assert.ok(first.every(([type]) => type === 3));
    // from here on the socket is held back for half a second
    for (let id = 25; id < 30; id += 1) flooding.send(heartbeat(id));
    assert.equal((await other.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().frames.received, 26);
    await clock.advance(500);
    assert.deepEqual(
      (await frames(flooding, 5)).map(([type, id]) => [type, id]),
      [25, 26, 27, 28, 29].map((id) => [3, `h${id}`]),
    );
    assert.equal(server.counters().connections.flooding, 1);
    assert.equal(log.filter(({ msg }) => msg === 'too many messages').length, 1);
  });

  it('of pings is slowed down too', async (t) => {
    const { url, server } = await startServer(t, { limits });
    const peer = await connectPeer(t, `${url}/CP1`);
    for (let count = 0; count < 25; count += 1) peer.socket.ping();
    await until(() => server.counters().connections.flooding === 1, 'the flood to be noticed');
  });

  it('is answered CALLERROR where that is configured; answers to us are taken all the same', async (t) => {
    const { url, server, clock, log } = await startServer(t, { limits: { ...limits, onFlood: 'refuse' } });
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('BootNotification', boot);
    for (let id = 0; id < 24; id += 1) peer.send(heartbeat(id));
    const answers = await frames(peer, 24);
    const refused = answers.filter(([type]) => type === 4);
    assert.equal(refused.length, 5);
    assert.deepEqual(refused[0]?.slice(2), ['GenericError', 'too many messages', {}]);
    const asked = server.link.send('CP1', { type: 'clearCache' });
    await peer.answer({ status: 'Accepted' });
    assert.equal((await asked).status, 'accepted');
    await clock.advance(200);
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().callErrors.sent['GenericError'], 5);
    assert.equal(log.filter(({ msg }) => msg === 'too many messages').length, 1);
  });

  it('ends the connection where that is configured', async (t) => {
    const { url, server } = await startServer(t, { limits: { ...limits, onFlood: 'close' } });
    const peer = await connectPeer(t, `${url}/CP1`);
    const other = await connectPeer(t, `${url}/CP2`);
    for (let id = 0; id < 25; id += 1) peer.send(heartbeat(id));
    assert.deepEqual(await peer.closed, { code: 1008, reason: 'too many messages' });
    assert.equal((await other.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().connections.open, 1);
  });
});

describe('bad input', () => {
  it('of 10 MB in a frame ends its connection, and no other', async (t) => {
    const { url, domain, server } = await startServer(t);
    const other = await connectPeer(t, `${url}/CP2`);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.socket.on('error', () => undefined); // it may still be sending
    peer.sendText(`[2,"1","Heartbeat",{"x":"${'x'.repeat(10 * 1024 * 1024)}"}]`);
    assert.ok([1009, 1006].includes((await peer.closed).code));
    assert.equal((await other.call('Heartbeat', {}))[0], 3);
    assert.deepEqual(domain(), []);
    assert.equal(server.counters().frames.received, 1);
  });

  it('of 10 MB is not waited for: its length alone ends the connection', async (t) => {
    const { server } = await startServer(t);
    const socket = connect(server.port, '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(
      'GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
    );
    await once(socket, 'data');
    const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    header.writeBigUInt64BE(BigInt(10 * 1024 * 1024), 2);
    socket.write(header);
    const [frame] = (await once(socket, 'data')) as [Buffer];
    assert.deepEqual([frame[0], frame.readUInt16BE(2)], [0x88, 1009]);
  });

  it('a wrong password too many is answered 429 with Retry-After, and logged no more', async (t) => {
    const { url, server, log } = await startServer(t, {
      events: { admit: async () => ({ result: 'limited', retryAfterS: 42 }) },
    });
    const refusal = await refusalOf(createPeer(t, `${url}/CP1`));
    assert.equal(refusal.status, 429);
    assert.equal(refusal.headers['retry-after'], '42');
    assert.equal(server.counters().connections.refused.limited, 1);
    assert.equal(log.filter(({ level }) => level >= 30).length, 0);
  });

  it('a profile that is too low is answered 403', async (t) => {
    const { url, server } = await startServer(t, { events: { admit: async () => ({ result: 'insecure' }) } });
    assert.equal((await refusalOf(createPeer(t, `${url}/CP1`))).status, 403);
    assert.equal(server.counters().connections.refused.insecure, 1);
  });
});

/** Resolves when the other side has closed the socket. */
const closedByPeer = async (socket: Socket): Promise<void> => {
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'close');
};

describe('connections that never become one', () => {
  const limits = { upgradeTimeoutMs: 200 };

  async function tls(t: TestContext): Promise<{ port: number; load: () => Promise<TlsMaterial>; reloadMs: number }> {
    const { folder, remove } = newFolder();
    t.after(remove);
    const authority = await authorityIn(folder);
    const identities = await authority.serverIdentities(['localhost']);
    return {
      port: 0,
      load: async () => ({ identities, clientAuthorities: [authority.certificatePem] }),
      reloadMs: 1000,
    };
  }

  for (const [name, say] of [
    ['say nothing', ''],
    ['send half a request', 'GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n'],
  ] as const) {
    it(`are dropped when they ${name}`, async (t) => {
      const { server } = await startServer(t, { limits });
      const socket = connect(server.port, '127.0.0.1');
      t.after(() => socket.destroy());
      socket.write(say);
      await closedByPeer(socket);
    });
  }

  it('are dropped when they send their headers byte by byte', async (t) => {
    const { server } = await startServer(t, { limits });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /ocpp/CP1 HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X-a: b\r\n'), 20);
    t.after(() => {
      clearInterval(drip);
      socket.destroy();
    });
    await closedByPeer(socket);
  });

  it('are dropped when they never finish the TLS handshake, others are served meanwhile', async (t) => {
    const { server, log } = await startServer(t, { limits: { upgradeTimeoutMs: 1000 }, tls: await tls(t) });
    const silent = connect(server.tlsPort, '127.0.0.1');
    t.after(() => silent.destroy());
    const noise = connect(server.tlsPort, '127.0.0.1');
    const closed = Promise.all([silent, noise].map(closedByPeer));
    noise.write('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const peer = await connectPeer(t, `wss://127.0.0.1:${server.tlsPort}/ocpp/CP1`, { rejectUnauthorized: false });
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    await closed;
    await until(() => server.counters().connections.tlsFailed === 2, 'both failures to be counted');
    assert.equal(log.filter(({ msg }) => msg === 'TLS handshake failed').length, 2);
  });

  it('by TLS show a renewed certificate without a restart', async (t) => {
    const options = await tls(t);
    const { folder, remove } = newFolder();
    t.after(remove);
    const renewed = await authorityIn(folder);
    const fresh: TlsMaterial = {
      identities: await renewed.serverIdentities(['localhost']),
      clientAuthorities: [renewed.certificatePem],
    };
    let load = options.load;
    const { server, clock, log } = await startServer(t, { tls: { ...options, load: () => load() } });
    const trusts = async (ca: string): Promise<boolean> => {
      const socket = connectTls({ host: '127.0.0.1', port: server.tlsPort, servername: 'localhost', ca });
      const [event] = (await Promise.race([once(socket, 'secureConnect'), once(socket, 'error')]).catch(
        (error: unknown) => [error],
      )) as [unknown];
      socket.destroy();
      return event === undefined;
    };
    assert.equal(await trusts(renewed.certificatePem), false);
    load = () => Promise.reject(new Error('half written'));
    await clock.advance(1000);
    assert.ok(log.some(({ msg }) => msg === 'TLS certificates could not be renewed'));
    load = async () => fresh;
    await clock.advance(1000);
    assert.ok(log.some(({ msg }) => msg === 'TLS certificates renewed'));
    assert.equal(await trusts(renewed.certificatePem), true);
  });
});
