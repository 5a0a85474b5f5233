import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { boot, connectPeer, createPeer, deferred, refusalOf, startServer } from './support.js';

const status = (connectorId: number): object => ({ connectorId, errorCode: 'NoError', status: 'Available' });

describe('calls of a charge point (OCPP-J 1.6 §4.1)', () => {
  it('are answered only when what they say is saved', async (t) => {
    const saved = deferred<undefined>();
    const { url, seen } = await startServer(t, { events: { statusChanged: () => saved.promise } });
    const peer = await connectPeer(t, `${url}/CP1`);
    let answered = false;
    const answer = peer.call('StatusNotification', status(1), 'a').finally(() => (answered = true));
    await seen('statusChanged');
    peer.socket.ping();
    await once(peer.socket, 'pong');
    assert.equal(answered, false);
    saved.resolve(undefined);
    assert.deepEqual(await answer, [3, 'a', {}]);
  });

  it('are handled in order, one at a time', async (t) => {
    const running: string[] = [];
    let most = 0;
    const { url } = await startServer(t, {
      events: {
        statusChanged: async (_id, { connector }) => {
          running.push(connector);
          most = Math.max(most, running.length);
          await new Promise((resolve) => setImmediate(resolve));
          running.pop();
        },
      },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    ids.forEach((id, index) => peer.send([2, id, 'StatusNotification', status(index)]));
    const answers = [];
    while (answers.length < ids.length) answers.push((await peer.next())[1]);
    assert.deepEqual(answers, ids);
    assert.equal(most, 1);
  });

  it('that fail are answered InternalError without details, and logged once', async (t) => {
    const { url, log } = await startServer(t, {
      events: { statusChanged: () => Promise.reject(new Error('disk of node 7 is full')) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    const answer = await peer.call('StatusNotification', status(1), 'a');
    assert.deepEqual(answer, [4, 'a', 'InternalError', 'the message could not be processed', {}]);
    assert.equal(log.filter(({ level }) => level >= 50).length, 1);
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
  });

  it('that hang are answered InternalError after the time-out, and the next one is handled', async (t) => {
    const { url, seen, clock, server } = await startServer(t, {
      events: { statusChanged: () => deferred<undefined>().promise },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    peer.send([2, 'b', 'Heartbeat', {}]);
    await seen('statusChanged');
    await clock.advance(30_000);
    assert.deepEqual((await peer.next()).slice(0, 3), [4, 'a', 'InternalError']);
    assert.deepEqual((await peer.next()).slice(0, 2), [3, 'b']);
    assert.equal(server.counters().calls.timedOut, 1);
  });

  it('that come again while they wait or are handled are dropped; after the answer they are handled anew', async (t) => {
    const saved = deferred<undefined>();
    const { url, domain, seen, server } = await startServer(t, { events: { statusChanged: () => saved.promise } });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    await seen('statusChanged');
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    peer.send([2, 'b', 'StatusNotification', status(2)]);
    peer.send([2, 'b', 'StatusNotification', status(2)]);
    peer.socket.ping();
    await once(peer.socket, 'pong');
    saved.resolve(undefined);
    assert.deepEqual([(await peer.next())[1], (await peer.next())[1]], ['a', 'b']);
    assert.equal(domain().length, 2);
    assert.equal(server.counters().calls.duplicate, 2);
    assert.deepEqual(await peer.call('StatusNotification', status(1), 'a'), [3, 'a', {}]);
    assert.equal(domain().length, 3);
  });

  it('may have long, empty and numeric message ids, which come back as they were', async (t) => {
    const { url } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    for (const id of ['x'.repeat(100), '', 42, '42', 1.5]) {
      assert.equal((await peer.call('Heartbeat', {}, id))[1], id);
    }
  });

  it('may come in binary frames of UTF-8', async (t) => {
    const { url, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.socket.send(Buffer.from('[2,"a","Heartbeat",{}]'));
    assert.deepEqual((await peer.next()).slice(0, 2), [3, 'a']);
    peer.socket.send(Buffer.from([0x5b, 0xff, 0xfe]));
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    const { binary, malformed } = server.counters().frames;
    assert.deepEqual([binary, malformed], [2, 1]);
  });

  it('that pile up hold back the socket until they are handled; none is lost', async (t) => {
    const saved = deferred<undefined>();
    const { url, seen, domain, server, clock } = await startServer(t, {
      limits: { pingIntervalMs: 1000, idleTimeoutMs: 2000 },
      events: { statusChanged: () => saved.promise },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    const filler = { ...status(1), info: 'x'.repeat(60_000) };
    const count = 60;
    for (let index = 0; index < count; index++) peer.send([2, `m${index}`, 'StatusNotification', filler]);
    await seen('statusChanged');
    await clock.advance(0);
    const held = server.counters().frames.received;
    assert.ok(held < 20, `${held} frames were read`);
    // silence that is our own doing is no reason to drop the connection
    await clock.advance(29_000);
    saved.resolve(undefined);
    for (let index = 0; index < count; index++) assert.equal((await peer.next())[1], `m${index}`);
    assert.equal(domain().length, count);
  });
});

describe('bounds of a connection', () => {
  it('closes with 1009 at a frame over maxFrameBytes', async (t) => {
    const { url, domain, seen } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'a', 'DataTransfer', { vendorId: 'x', data: 'x'.repeat(70_000) }]);
    assert.equal((await peer.closed).code, 1009);
    await seen('disconnected');
    assert.deepEqual(domain(), []);
  });

  it('closes after maxBadFrames malformed frames in a row', async (t) => {
    const { url, server } = await startServer(t, { limits: { maxBadFrames: 3 } });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.sendText('?');
    peer.sendText('?');
    await peer.call('Heartbeat', {});
    peer.sendText('?');
    peer.sendText('?');
    await peer.call('Heartbeat', {});
    for (let bad = 0; bad < 3; bad++) peer.sendText('?');
    assert.deepEqual(await peer.closed, { code: 1002, reason: 'too many malformed frames' });
    assert.equal(server.counters().frames.malformed, 7);
  });

  it('drops a charge point that does not read what is sent to it', async (t) => {
    const { url, server, seen, log } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.socket.pause();
    const gone = seen('disconnected');
    // each is answered with a CALLERROR of its size, until the buffers of both ends are full
    const frame = `[2,"${'x'.repeat(60_000)}","Nonsense",{}]`;
    while (server.link.isConnected('CP1')) {
      for (let index = 0; index < 10; index++) peer.sendText(frame);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await gone;
    assert.ok(log.some(({ msg }) => msg === 'charge point does not read, connection dropped'));
  });
});

describe('signs of life', () => {
  it('pings; one that answers neither pings nor says anything is dropped after idleTimeout', async (t) => {
    const { url, clock, seen, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`, { autoPong: false });
    const pinged = once(peer.socket, 'ping');
    await clock.advance(60_000);
    await pinged;
    await clock.advance(180_000);
    assert.equal((await peer.closed).code, 1006);
    await seen('disconnected');
    assert.equal(server.counters().connections.idle, 1);
  });

  it('keeps one that answers pings', async (t) => {
    const { url, clock, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    for (let minute = 0; minute < 10; minute++) {
      const pinged = once(peer.socket, 'ping');
      await clock.advance(60_000);
      await pinged;
      await peer.call('Heartbeat', {}); // the pong is in by now
    }
    assert.equal(server.link.isConnected('CP1'), true);
  });

  it('keeps one that answers no pings but sends messages', async (t) => {
    const { url, clock, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`, { autoPong: false });
    for (let minute = 0; minute < 10; minute += 2) {
      await clock.advance(120_000);
      assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    }
    assert.equal(server.link.isConnected('CP1'), true);
  });
});

/** ws drops a socket by itself after 30 s: that is not what these tests are about. */
const within10s = { timeout: 10_000 };

describe('coming and going', () => {
  it('reports connection and disconnection', async (t) => {
    const { url, seen, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    await seen('connected');
    assert.equal(server.link.isConnected('CP1'), true);
    peer.socket.close();
    assert.deepEqual(await seen('disconnected'), ['disconnected', 'CP1']);
    assert.equal(server.link.isConnected('CP1'), false);
    assert.equal(server.counters().connections.open, 0);
  });

  it('lets a new connection replace the old one, which never counts as a disconnection', async (t) => {
    const { url, all, server, clock } = await startServer(t, {
      events: { admit: async () => ({ result: 'admitted', booted: true }) },
    });
    const old = await connectPeer(t, `${url}/CP1`);
    await old.call('Heartbeat', {});
    const pending = server.link.send('CP1', { type: 'clearCache' });
    await old.next();
    const fresh = await connectPeer(t, `${url}/CP1`);
    assert.deepEqual(await old.closed, { code: 1008, reason: 'replaced by a new connection' });
    assert.deepEqual(await pending, { status: 'offline', message: 'replaced by a new connection' });
    assert.equal((await fresh.call('Heartbeat', {}))[0], 3);
    await clock.advance(0);
    assert.equal(server.link.isConnected('CP1'), true);
    assert.deepEqual(
      all.filter(([name]) => name === 'disconnected'),
      [],
    );
    assert.equal(server.counters().connections.replaced, 1);
  });

  it('finishes what the old connection was handling before it handles the new one’s calls', async (t) => {
    const saved = deferred<undefined>();
    const { url, seen, all, clock } = await startServer(t, {
      events: { statusChanged: (_id, { connector }) => (connector === '1' ? saved.promise : Promise.resolve()) },
    });
    const old = await connectPeer(t, `${url}/CP1`);
    old.send([2, 'a', 'StatusNotification', status(1)]);
    await seen('statusChanged');
    const fresh = await connectPeer(t, `${url}/CP1`);
    fresh.send([2, 'b', 'StatusNotification', status(2)]);
    await clock.advance(0);
    assert.equal(all.filter(([name]) => name === 'statusChanged').length, 1);
    saved.resolve(undefined);
    assert.deepEqual(await fresh.next(), [3, 'b', {}]);
  });

  it('ends a connection when it is told to', async (t) => {
    const { url, server, seen } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    server.link.disconnect('CP1', 'its password changed');
    assert.equal(server.link.isConnected('CP1'), false);
    assert.deepEqual(await peer.closed, { code: 1008, reason: 'its password changed' });
    await seen('disconnected');
    server.link.disconnect('CP1', 'again');
    const other = await connectPeer(t, `${url}/CP2`);
    server.link.disconnect('CP2', 'ü'.repeat(500)); // a close frame has room for 123 bytes
    assert.equal((await other.closed).code, 1008);
  });

  it('drops the socket of one that does not complete the closing handshake', within10s, async (t) => {
    const { url, server, clock } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.socket.pause();
    server.link.disconnect('CP1', 'go');
    await clock.advance(10_000);
    await server.stop(1_000_000); // at once, as no socket is open any more
  });

  it('completes the closing handshake with one whose calls have piled up', within10s, async (t) => {
    const { url, server, seen, clock } = await startServer(t, {
      events: { statusChanged: () => deferred<undefined>().promise },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    for (let index = 0; index < 20; index++) peer.send([2, `m${index}`, 'StatusNotification', status(1)]);
    await seen('statusChanged');
    await clock.advance(0);
    server.link.disconnect('CP1', 'go');
    assert.deepEqual(await peer.closed, { code: 1008, reason: 'go' });
  });
});

describe('graceful stop', () => {
  it('answers the call being handled, closes with 1001 and takes no more', async (t) => {
    const saved = deferred<undefined>();
    const { url, server, seen, domain } = await startServer(t, { events: { statusChanged: () => saved.promise } });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    peer.send([2, 'b', 'StatusNotification', status(2)]);
    await seen('statusChanged');
    const waiting = server.link.send('CP1', { type: 'clearCache' });
    const stopped = server.stop(10_000);
    await assert.rejects(once(createPeer(t, `${url}/CP2`).socket, 'open'));
    saved.resolve(undefined);
    assert.deepEqual(await peer.next(), [3, 'a', {}]);
    assert.deepEqual(await peer.closed, { code: 1001, reason: 'going away' });
    assert.equal((await waiting).status, 'offline');
    await stopped;
    assert.equal(domain().length, 1);
  });

  it('refuses upgrades that are being admitted', async (t) => {
    const admission = deferred<{ result: 'admitted'; booted: boolean }>();
    const { url, server, seen } = await startServer(t, { events: { admit: () => admission.promise } });
    const refusal = refusalOf(createPeer(t, `${url}/CP1`));
    await seen('admit');
    const stopped = server.stop(10_000);
    admission.resolve({ result: 'admitted', booted: false });
    assert.equal((await refusal).status, 503);
    await stopped;
  });

  it('is over after its time-out, whatever hangs', async (t) => {
    const { url, server, seen, clock } = await startServer(t, {
      events: { statusChanged: () => deferred<undefined>().promise },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    await seen('statusChanged');
    const stopped = server.stop(5000);
    await clock.advance(5000);
    await stopped;
    assert.equal((await peer.closed).code, 1006);
  });
});

describe('commands to a charge point', () => {
  const booted = { admit: async () => ({ result: 'admitted', booted: true }) as const };

  it('are offline without a connection', async (t) => {
    const { server } = await startServer(t);
    assert.equal((await server.link.send('CP1', { type: 'clearCache' })).status, 'offline');
  });

  it('go out one at a time, in order', async (t) => {
    const { url, server } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('BootNotification', boot);
    const outcomes = [
      server.link.send('CP1', { type: 'clearCache' }),
      server.link.send('CP1', { type: 'reset', hard: false }),
    ];
    const first = await peer.next();
    assert.equal(first[2], 'ClearCache');
    // a call of its own is answered meanwhile, and nothing else came before
    assert.deepEqual((await peer.call('Heartbeat', {}, 'hb')).slice(0, 2), [3, 'hb']);
    peer.send([3, first[1], { status: 'Rejected' }]);
    assert.equal((await peer.answer({ status: 'Accepted' }))[2], 'Reset');
    assert.deepEqual(
      (await Promise.all(outcomes)).map((outcome) => outcome.status),
      ['rejected', 'accepted'],
    );
  });

  it('time out; a late answer is ignored and counted, the next command goes out', async (t) => {
    const { url, server, clock } = await startServer(t, { limits: { commandWaitMs: 3_600_000 } });
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('BootNotification', boot);
    const late = server.link.send('CP1', { type: 'clearCache' });
    const next = server.link.send('CP1', { type: 'reset', hard: true });
    const request = await peer.next();
    await clock.advance(30_000);
    assert.equal((await late).status, 'timeout');
    const second = await peer.next();
    peer.send([3, request[1], { status: 'Accepted' }]);
    peer.send([3, 'never asked', { status: 'Accepted' }]);
    peer.send([4, 'never asked', 'GenericError', '', {}]);
    peer.send([3, second[1], { status: 'Rejected' }]);
    assert.equal((await next).status, 'rejected');
    const { timedOut, lateAnswers, unknownAnswers } = server.counters().commands;
    assert.deepEqual([timedOut, lateAnswers, unknownAnswers], [1, 1, 2]);
  });

  it('are bounded in number', async (t) => {
    const { url, server } = await startServer(t, { limits: { maxPendingCommands: 2 } });
    await connectPeer(t, `${url}/CP1`);
    const waiting = [1, 2].map(() => server.link.send('CP1', { type: 'clearCache' }));
    assert.deepEqual(await server.link.send('CP1', { type: 'clearCache' }), {
      status: 'failed',
      message: 'too many commands wait for this charge point',
    });
    server.link.disconnect('CP1', 'end');
    assert.deepEqual(
      (await Promise.all(waiting)).map((outcome) => outcome.status),
      ['offline', 'offline'],
    );
  });

  it('wait for the boot, and go out after its answer', async (t) => {
    const { url, server, clock } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    const outcome = server.link.send('CP1', { type: 'clearCache' });
    await peer.call('Heartbeat', {});
    await clock.advance(20_000); // bootWait counts only for one that has booted before
    peer.send([2, 'boot', 'BootNotification', boot]);
    assert.deepEqual((await peer.next()).slice(0, 2), [3, 'boot']);
    await peer.answer({ status: 'Accepted' });
    assert.equal((await outcome).status, 'accepted');
  });

  it('that wait too long fail without having been sent', async (t) => {
    const { url, server, clock } = await startServer(t);
    const peer = await connectPeer(t, `${url}/CP1`);
    const outcome = server.link.send('CP1', { type: 'clearCache' });
    await clock.advance(60_000);
    assert.deepEqual(await outcome, { status: 'failed', message: 'not sent: not ready within 60000 ms' });
    peer.send([2, 'boot', 'BootNotification', boot]);
    await peer.next();
    assert.equal((await peer.call('Heartbeat', {}))[0], 3);
    assert.equal(server.counters().commands.sent, 0);
  });

  it('go to one that booted before as soon as it says something else', async (t) => {
    const { url, server } = await startServer(t, { events: booted });
    const peer = await connectPeer(t, `${url}/CP1`);
    const outcome = server.link.send('CP1', { type: 'clearCache' });
    peer.send([2, 'a', 'StatusNotification', status(1)]);
    const frames = [await peer.next(), await peer.next()];
    const request = frames.find(([type]) => type === 2);
    peer.send([3, request?.[1], { status: 'Accepted' }]);
    assert.equal((await outcome).status, 'accepted');
  });

  it('go to one that booted before when it has been silent for bootWait', async (t) => {
    const { url, server, clock } = await startServer(t, { events: booted });
    const peer = await connectPeer(t, `${url}/CP1`);
    const outcome = server.link.send('CP1', { type: 'clearCache' });
    await clock.advance(9_999);
    assert.equal(server.counters().commands.sent, 0);
    await clock.advance(1);
    await peer.answer({ status: 'Accepted' });
    assert.equal((await outcome).status, 'accepted');
  });

  it('wait for the answer to a boot that one sends again', async (t) => {
    const reply = deferred<{ status: 'Accepted'; intervalS: number }>();
    const { url, server, seen, clock } = await startServer(t, { events: { ...booted, booted: () => reply.promise } });
    const peer = await connectPeer(t, `${url}/CP1`);
    peer.send([2, 'boot', 'BootNotification', boot]);
    await seen('booted');
    const outcome = server.link.send('CP1', { type: 'clearCache' });
    await clock.advance(15_000);
    assert.equal(server.counters().commands.sent, 0);
    reply.resolve({ status: 'Accepted', intervalS: 60 });
    assert.deepEqual((await peer.next()).slice(0, 2), [3, 'boot']);
    await peer.answer({ status: 'Accepted' });
    assert.equal((await outcome).status, 'accepted');
  });

  it('of the configuring kind alone go to one that is Pending (OCPP 1.6 §4.2.1)', async (t) => {
    let registration: 'Pending' | 'Accepted' = 'Pending';
    const { url, server } = await startServer(t, {
      events: { booted: async () => ({ status: registration, intervalS: 5 }) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    assert.deepEqual((await peer.call('BootNotification', boot))[2], {
      status: 'Pending',
      currentTime: '2024-05-01T12:00:00.000Z',
      interval: 5,
    });
    const start = server.link.send('CP1', { type: 'remoteStart', idTag: 'TAG' });
    const configure = server.link.send('CP1', { type: 'getConfiguration', keys: [] });
    assert.equal((await peer.answer({ configurationKey: [] }))[2], 'GetConfiguration');
    assert.equal((await configure).status, 'accepted');
    assert.equal((await peer.call('StatusNotification', status(1)))[0], 3);
    registration = 'Accepted';
    await peer.call('BootNotification', boot);
    assert.equal((await peer.answer({ status: 'Accepted' }))[2], 'RemoteStartTransaction');
    assert.equal((await start).status, 'accepted');
  });

  it('do not go to one that is Rejected, and its calls other than a boot get SecurityError', async (t) => {
    let registration: 'Rejected' | 'Accepted' = 'Rejected';
    const { url, server, domain } = await startServer(t, {
      events: { booted: async () => ({ status: registration, intervalS: 5 }) },
    });
    const peer = await connectPeer(t, `${url}/CP1`);
    await peer.call('BootNotification', boot);
    const trigger = server.link.send('CP1', { type: 'trigger', message: 'Heartbeat' });
    assert.deepEqual((await peer.call('StatusNotification', status(1), 'a')).slice(0, 3), [4, 'a', 'SecurityError']);
    assert.equal(domain().length, 1);
    registration = 'Accepted';
    await peer.call('BootNotification', boot);
    assert.equal((await peer.answer({ status: 'Accepted' }))[2], 'TriggerMessage');
    assert.equal((await trigger).status, 'accepted');
  });
});
