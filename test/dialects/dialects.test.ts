import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/bridge.js';
import { catalogue } from './catalogue.js';
import { DOCUMENT, renderDocument } from './document.js';
import { ago, off, openTheatre, type Stage, type Theatre } from './stage.js';

const stories = catalogue.flatMap(({ name, entries }) =>
  entries.flatMap((entry) => ('story' in entry ? [{ group: name, ...entry }] : [])),
);

describe('what charge points in the field do', () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await openTheatre(stories.length);
  });
  after(() => theatre.close());

  for (const { name, seen, opening, story } of stories) {
    it(`${name}: ${seen}`, async () => story(await theatre.stage(opening)));
  }
});

describe('a charge point’s clock', () => {
  const MINUTE_MS = 60_000;
  let theatre: Theatre;
  before(async () => {
    theatre = await openTheatre(2, { clockEvidence: 0.05 });
  });
  after(() => theatre.close());

  /** Reports states five hours ago until the bridge knows better. */
  async function lag(stage: Stage): Promise<void> {
    await until(async () => {
      await stage.cp.call('StatusNotification', {
        connectorId: 1,
        status: 'Preparing',
        errorCode: 'NoError',
        timestamp: ago(300),
      });
      return ((await stage.chargePoint()).clockOffsetMs ?? 0) !== 0;
    }, 'the offset');
  }

  it('a clock that lags is learnt', async () => {
    const stage = await theatre.stage();
    await lag(stage);
    const id = await stage.start({ timestamp: ago(330) });
    await stage.stop(id, 3_000, { timestamp: ago(300) });
    const session = await stage.billed(2_000, ['clock-corrected']);
    assert.ok(off(session.startedAt, ago(30)) < MINUTE_MS, session.startedAt);
    assert.ok(off(session.endedAt, ago(0)) < MINUTE_MS, session.endedAt);
    await stage.deviated('clock-offset');
  });

  it('a clock that lags is learnt in the middle of a charge, which does not become too long by it', async () => {
    const stage = await theatre.stage();
    const id = await stage.start({ timestamp: ago(360) });
    await stage.sample(id, 2_000, 345);
    await lag(stage);
    const [running] = await stage.sessions();
    assert.ok(off(running?.startedAt, ago(60)) < MINUTE_MS, running?.startedAt);
    await stage.stop(id, 3_000, { timestamp: ago(300) });
    const session = await stage.billed(2_000, ['clock-corrected']);
    const [cdr] = stage.cdrs(session);
    assert.ok(Math.abs(Number(cdr?.['total_time']) - 1) < 0.02, String(cdr?.['total_time']));
  });
});

describe('a deviation', () => {
  let theatre: Theatre;
  before(async () => {
    theatre = await openTheatre(1);
  });
  after(() => theatre.close());

  it('is kept with when it was first seen, however often it comes', async () => {
    const stage = await theatre.stage();
    const deviate = (status: string) => stage.cp.call('StatusNotification', { connectorId: 1, status, errorCode: 'X' });
    await deviate('Available');
    await stage.deviated('unknown-error-code');
    const { deviations } = await stage.chargePoint();
    await stage.cp.disconnect();
    await stage.cp.connect();
    await deviate('preparing');
    await stage.deviated('letter-case');
    const after = (await stage.chargePoint()).deviations;
    assert.equal(after?.['unknown-error-code'], deviations?.['unknown-error-code']);
    assert.deepEqual(Object.keys(after ?? {}).sort(), ['letter-case', 'unknown-error-code']);
  });
});

describe('the table of deviations', () => {
  const entries = catalogue.flatMap((group) => group.entries);

  it('is what docs/dialects.md says', async () => {
    const text = await renderDocument();
    if (process.env['UPDATE_DOCS']) writeFileSync(DOCUMENT, text);
    assert.equal(readFileSync(DOCUMENT, 'utf8'), text, 'UPDATE_DOCS=1 npm test writes it anew');
  });

  it('has each name once', () => {
    const names = entries.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  for (const entry of entries) {
    it(`${entry.name} names its rule’s file, threads as such, and a test that is there`, () => {
      readFileSync(entry.where);
      for (const thread of entry.threads) assert.match(thread, /^[\w.-]+\/[\w.-]+#\d+$/);
      if (!('test' in entry)) return;
      const [file, title] = entry.test;
      assert.ok(readFileSync(file, 'utf8').includes(`it('${title}'`), `${file}: ${title}`);
    });
  }
});
