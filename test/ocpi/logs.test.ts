import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createPartnerLink } from '../../ocpi-modules/partner-link.js';
import { aPartner, aToken } from '../support/documents.js';
import { createFakeClock } from '../support/fake-clock.js';
import { base64, partnerTokens, party, send, startScripted, startServer } from './support.js';

test('no log line, at any level, holds a credentials token or a whole token uid', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const uid = 'SECRET-UID-0123456789';
  const server = await startServer({}, logger);
  const url = `${server.base}/ocpi/2.2.1/tokens/NL/EMS/${uid}`;
  await send('PUT', url, { body: aToken({ uid }) });
  await send('GET', `${url}?type=OTHER`);
  server.failNext(new Error('no disk'));
  await send('PUT', url, { body: aToken({ uid }) });
  await send('GET', url, { headers: { Authorization: `Token ${base64('stranger-s-token')}` } });
  await send('PUT', url, { body: `{"uid":"${uid}"` });
  await send('GET', `${server.base}/ocpi/2.2.1/nothing/${uid}`);
  await server.close();

  const peer = await startScripted((request) => request.socket.destroy());
  const link = createPartnerLink({
    vault: { seal: (secret) => secret, open: () => 'our-token-there' },
    clock: createFakeClock(),
    logger,
    party,
    options: {
      timeoutMs: 1_000,
      maxBodyBytes: 1_000,
      urlPolicy: { allowPrivateNetworks: true },
      pageSize: 1,
      maxPages: 1,
    },
  });
  for (const at of [peer.url, 'gopher://x']) {
    const endpoints = [{ identifier: 'tokens', role: 'SENDER' as const, url: at }];
    const partner = aPartner({ connection: { ...aPartner().connection!, endpoints } });
    const answer = await link.authorize(partner, { uid, type: 'RFID', timeoutMs: 1_000 });
    assert.equal(answer.kind, 'unreachable');
    assert.doesNotMatch(JSON.stringify(answer), new RegExp(uid));
  }
  await peer.close();

  const text = lines.join('');
  assert.ok(lines.length >= 7, `${lines.length} lines`);
  for (const secret of [partnerTokens.ems, 'stranger-s-token', 'our-token-there'].flatMap((each) => [
    each,
    base64(each),
  ])) {
    assert.ok(!text.includes(secret), `a log line holds ${secret}`);
  }
  assert.ok(!text.includes(uid), 'a log line holds a whole uid');
});
