import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, mustAsk, type EmspAnswer } from '../../src/domain/authorization.js';
import { whitelistTypes } from '../../src/domain/token.js';
import { aToken } from '../support/documents.js';

const verdict = (allowed: Extract<EmspAnswer, { kind: 'verdict' }>['allowed']): EmspAnswer => ({
  kind: 'verdict',
  allowed,
  authorizationReference: 'REF',
});
const unreachable: EmspAnswer = { kind: 'unreachable', reason: 'time-out' };

type Whitelist = (typeof whitelistTypes)[number];

describe('authorization decision table (OCPI 2.2.1 §12.3.8; SUBTLE 71, 72, 73)', () => {
  // whitelist, valid, asked?, outcome with no answer needed or unreachable
  const byCache: readonly [Whitelist, boolean, boolean, string][] = [
    ['ALWAYS', true, false, 'WHITELIST'],
    ['ALWAYS', false, false, 'BLOCKED'],
    ['ALLOWED', true, false, 'WHITELIST'],
    ['ALLOWED', false, true, 'UNREACHABLE'],
    ['ALLOWED_OFFLINE', true, true, 'WHITELIST'],
    ['ALLOWED_OFFLINE', false, true, 'UNREACHABLE'],
    ['NEVER', true, true, 'UNREACHABLE'],
    ['NEVER', false, true, 'UNREACHABLE'],
  ];
  for (const [whitelist, valid, asks, expected] of byCache) {
    const token = aToken({ whitelist, valid });
    it(`${whitelist}, ${valid ? 'valid' : 'not valid'}: ${asks ? 'asks' : 'does not ask'}; without an answer ${expected}`, () => {
      assert.equal(mustAsk(token), asks);
      const decision = decide(token, asks ? unreachable : undefined);
      assert.equal(decision.allowed ? decision.authMethod : decision.reason, expected);
    });
    if (!asks) continue;
    it(`${whitelist}, ${valid ? 'valid' : 'not valid'}: the eMSP's word counts`, () => {
      assert.deepEqual(decide(token, verdict('ALLOWED')), {
        allowed: true,
        authMethod: 'AUTH_REQUEST',
        authorizationReference: 'REF',
      });
      for (const refusal of ['BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'] as const) {
        assert.deepEqual(decide(token, verdict(refusal)), { allowed: false, reason: refusal });
      }
      assert.deepEqual(decide(token, { kind: 'unknown-token' }), { allowed: false, reason: 'UNKNOWN' });
    });
  }

  it('a token that nobody knows here is asked about, and refused without an answer', () => {
    assert.equal(mustAsk(undefined), true);
    assert.deepEqual(decide(undefined, unreachable), { allowed: false, reason: 'UNREACHABLE' });
    assert.deepEqual(decide(undefined, undefined), { allowed: false, reason: 'UNKNOWN' });
    assert.equal(decide(undefined, verdict('ALLOWED')).allowed, true);
  });
});
