import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RevisionConflict } from '../../src/domain/errors.js';
import { instant } from '../../src/domain/instant.js';
import type { MeterSample } from '../../src/domain/meter.js';
import type { Kind, Kinds, Query, Store, Stored } from '../../src/ports.js';
import { aCdr, aChargePoint, aLocation, aPartner, aSession, aTariff, aToken, at } from '../support/documents.js';
import type { FakeClock } from '../support/fake-clock.js';

export interface StoreHarness {
  readonly store: Store;
  /** What the store takes its time from. */
  readonly clock: FakeClock;
  /** Closes the store and opens another on the same data. */
  reopen(): Promise<Store>;
  /** Closes what is open and removes the data. */
  destroy(): Promise<void>;
}

/** What every driver of Store promises (src/ports.ts). `open` makes an empty one. */
export function storeContract(name: string, open: () => Promise<StoreHarness>): void {
  describe(`store: ${name}`, () => {
    let harness: StoreHarness;
    let store: Store;
    beforeEach(async () => {
      harness = await open();
      store = harness.store;
    });
    afterEach(() => harness.destroy());

    const create = <K extends Kind>(kind: K, id: string, body: Kinds[K]): Promise<Stored<Kinds[K]>> =>
      store.save(kind, { id, revision: 0, body });
    const ids = async <K extends Kind>(kind: K, query?: Query<K>): Promise<readonly string[]> =>
      (await store.find(kind, query)).map(({ id }) => id);

    describe('get and save', () => {
      it('gives back what was saved, of every kind', async () => {
        const seen = { remoteAddress: '192.0.2.7', attempts: 1, firstSeenAt: at(), lastSeenAt: at() };
        const parked = [{ kind: 'tariff' as const, id: 'AC-1', version: 3, reason: 'HTTP 400', at: at() }];
        const documents: { readonly [K in Kind]: Kinds[K] } = {
          location: aLocation(),
          tariff: { tariff: aTariff(), removed: false },
          token: { partnerId: 'ems', token: aToken() },
          session: aSession(),
          cdr: aCdr(),
          partner: aPartner(),
          chargePoint: aChargePoint(),
          unknownChargePoint: { id: 'CP-X', ...seen },
          watermark: { partnerId: 'ems', watermark: 7, parked },
          notices: { chargePointId: 'CP-1', notices: [{ what: 'SecurityEventNotification', at: at(), data: {} }] },
          deviceModel: { chargePointId: 'CP-1', reportedAt: at(), variables: {} },
        };
        for (const kind of Object.keys(documents) as Kind[]) {
          const saved = await create(kind, 'one', documents[kind]);
          assert.equal(saved.revision, 1);
          assert.deepEqual(saved.body, documents[kind]);
          assert.deepEqual(await store.get(kind, 'one'), { ...saved, body: asJson(documents[kind]) });
        }
      });

      it('knows nothing that was not saved', async () => {
        assert.equal(await store.get('location', 'UTR-001'), undefined);
        await create('location', 'UTR-001', aLocation());
        assert.equal(await store.get('tariff', 'UTR-001'), undefined);
        assert.equal(await store.get('location', 'utr-001'), undefined);
      });

      it('counts revisions by document', async () => {
        const first = await create('location', 'a', aLocation());
        const second = await store.save('location', { ...first, body: aLocation({ name: 'Dom' }) });
        assert.equal(second.revision, 2);
        assert.equal((await create('location', 'b', aLocation())).revision, 1);
        const stored = await store.get('location', 'a');
        assert.equal(stored?.revision, 2);
        assert.equal(stored.body.name, 'Dom');
      });

      it('takes ids and texts with quotes, per cent signs and all of Unicode', async () => {
        const odd = [`O'Neill "CP"`, `'; DROP TABLE location; --`, 'a%_?*', 'Zürich ⚡ 😀', 'a\\b', ' a', 'a ', 'A'];
        for (const id of odd) await create('location', id, aLocation({ name: id }));
        for (const id of odd) assert.equal((await store.get('location', id))?.body.name, id);
        assert.deepEqual(await ids('location'), odd);
        for (const id of odd) await create('token', id, { partnerId: id, token: aToken() });
        for (const id of odd) assert.deepEqual(await ids('token', { where: { partner: id } }), [id]);
      });

      it('keeps a NUL inside a text', async () => {
        await create('location', 'a', aLocation({ name: 'a\0b' }));
        assert.equal((await store.get('location', 'a'))?.body.name, 'a\0b');
      });

      it('takes a body of 200 KB', async () => {
        const text = 'ë'.repeat(100_000);
        await create('location', 'big', aLocation({ directions: [{ language: 'nl', text }] }));
        assert.equal((await store.get('location', 'big'))?.body.directions?.[0]?.text, text);
      });
    });

    describe('conflicts', () => {
      const conflict = (promise: Promise<unknown>): Promise<void> => assert.rejects(promise, RevisionConflict);

      it('refuses a new document where there is one, and changes nothing', async () => {
        const first = await create('location', 'a', aLocation());
        await conflict(create('location', 'a', aLocation({ name: 'other' })));
        assert.deepEqual(await store.get('location', 'a'), { ...first, body: asJson(first.body) });
      });

      it('refuses a revision that is too old, too new, or of nothing', async () => {
        const first = await create('location', 'a', aLocation());
        await store.save('location', first);
        await conflict(store.save('location', { ...first, body: aLocation({ name: 'old' }) }));
        await conflict(store.save('location', { ...first, revision: 3 }));
        await conflict(store.save('location', { ...first, id: 'b' }));
        assert.equal((await store.get('location', 'a'))?.body.name, 'Neude');
        assert.equal(await store.get('location', 'b'), undefined);
      });

      it('rejects only the save that conflicts of those asked for together', async () => {
        await create('location', 'a', aLocation());
        const results = await Promise.allSettled([
          create('location', 'b', aLocation()),
          create('location', 'a', aLocation()),
          create('location', 'c', aLocation()),
        ]);
        assert.deepEqual(
          results.map(({ status }) => status),
          ['fulfilled', 'rejected', 'fulfilled'],
        );
        assert.deepEqual(await ids('location'), ['a', 'b', 'c']);
      });

      it('lets two saves of a document that are asked for together work in order', async () => {
        const [first, second] = await Promise.all([
          create('location', 'a', aLocation({ name: 'one' })),
          store.save('location', { id: 'a', revision: 1, body: aLocation({ name: 'two' }) }),
        ]);
        assert.deepEqual([first.revision, second.revision], [1, 2]);
        assert.equal((await store.get('location', 'a'))?.body.name, 'two');
      });

      it('loses none of 50 increments side by side that try again on a conflict', async () => {
        await create('watermark', 'ems', { partnerId: 'ems', watermark: 0, parked: [] });
        let conflicts = 0;
        const increment = async (): Promise<void> => {
          for (;;) {
            const read = await store.get('watermark', 'ems');
            assert.ok(read);
            const body = { ...read.body, watermark: read.body.watermark + 1 };
            try {
              await store.save('watermark', { ...read, body });
              return;
            } catch (error) {
              assert.ok(error instanceof RevisionConflict);
              conflicts++;
            }
          }
        };
        await Promise.all(Array.from({ length: 50 }, increment));
        assert.equal((await store.get('watermark', 'ems'))?.body.watermark, 50);
        assert.equal((await store.get('watermark', 'ems'))?.revision, 51);
        assert.ok(conflicts > 0);
      });
    });

    describe('remove', () => {
      it('removes the revision that it is given, and no other', async () => {
        const first = await create('partner', 'ems', aPartner());
        await store.save('partner', first);
        for (const other of [1, 3]) await assert.rejects(store.remove('partner', 'ems', other), RevisionConflict);
        assert.deepEqual(await ids('partner'), ['ems']);
        await store.remove('partner', 'ems', 2);
        assert.equal(await store.get('partner', 'ems'), undefined);
        assert.deepEqual(await ids('partner', { where: { tokenHash: aPartner().tokenHash! } }), []);
      });

      it('is content when there is nothing', async () => {
        await store.remove('partner', 'nobody', 4);
      });

      it('lets the id be used again from revision 1, as the youngest', async () => {
        for (const id of ['a', 'b']) await create('partner', id, aPartner());
        await store.remove('partner', 'a', 1);
        assert.equal((await create('partner', 'a', aPartner())).revision, 1);
        assert.deepEqual(await ids('partner'), ['b', 'a']);
      });
    });

    describe('find and count', () => {
      it('gives the oldest created first, whatever was saved since', async () => {
        for (const id of ['c', 'a', 'b']) await create('location', id, aLocation());
        await store.save('location', { id: 'c', revision: 1, body: aLocation() });
        assert.deepEqual(await ids('location'), ['c', 'a', 'b']);
        assert.equal(await store.count('location'), 3);
        assert.equal(await store.count('tariff'), 0);
      });

      it('pages without gap or double while documents are saved and added', async () => {
        const all = Array.from({ length: 10 }, (_, n) => `L${n}`);
        for (const id of all) await create('location', id, aLocation());
        const seen: string[] = [];
        for (let offset = 0; offset < 10; offset += 3) {
          seen.push(...(await ids('location', { offset, limit: 3 })).slice(0, 10 - offset));
          await store.save('location', { id: 'L0', revision: 1 + offset / 3, body: aLocation() });
          await create('location', `new${offset}`, aLocation());
        }
        assert.deepEqual(seen, all);
        assert.equal(await store.count('location', { offset: 4, limit: 2 }), 14);
        assert.deepEqual(await ids('location', { offset: 12 }), ['new6', 'new9']);
        assert.deepEqual(await ids('location', { offset: 99 }), []);
        assert.deepEqual(await ids('location', { limit: 0 }), []);
      });

      it('takes updatedFrom as inclusive and updatedTo as exclusive, whatever form last_updated has', async () => {
        const times = {
          before: '2024-05-01T11:59:59.999Z',
          from: '2024-05-01T12:00:00Z',
          zoned: '2024-05-01T14:30:00+02:00',
          unzoned: '2024-05-01T12:45:00',
          to: '2024-05-01T13:00:00.000Z',
        };
        for (const [id, last_updated] of Object.entries(times)) {
          await create('location', id, aLocation({ last_updated }));
          await create('tariff', id, { tariff: aTariff({ last_updated }), removed: false });
          await create('token', id, { partnerId: 'ems', token: aToken({ last_updated }) });
        }
        const query = { updatedFrom: at(), updatedTo: at(3_600_000) };
        for (const kind of ['location', 'tariff', 'token'] as const) {
          assert.deepEqual(await ids(kind, query), ['from', 'zoned', 'unzoned']);
          assert.equal(await store.count(kind, query), 3);
          assert.deepEqual(await ids(kind, { updatedTo: at() }), ['before']);
          assert.deepEqual(await ids(kind, { updatedFrom: at(3_600_000) }), ['to']);
        }
        await create('session', 's', aSession({ lastUpdated: at(5) }));
        await create('cdr', 'c', aCdr({ lastUpdated: at(5) }));
        for (const kind of ['session', 'cdr'] as const) {
          assert.deepEqual(await ids(kind, { updatedFrom: at(5), updatedTo: at(6) }), [kind.charAt(0)]);
          assert.deepEqual(await ids(kind, { updatedFrom: at(6) }), []);
          assert.deepEqual(await ids(kind, { updatedTo: at(5) }), []);
        }
      });

      it('finds by every index of every kind', async () => {
        for (const { kind, id, body, where, other } of indexCases()) {
          const label = `${kind} ${JSON.stringify(where)}`;
          await create(kind, id, body);
          const query = { where } as Query<Kind>;
          assert.ok((await ids(kind, query)).includes(id), `${label}: found`);
          const { revision } = (await store.get(kind, id))!;
          await store.save(kind, { id, revision, body: other });
          assert.ok(!(await ids(kind, query)).includes(id), `${label}: no more`);
        }
      });

      it('finds up to and including `atMost`, and never what is not in the index', async () => {
        const due = { none: undefined, early: at(0), exact: at(10), late: at(11) };
        for (const [id, cdrDueAt] of Object.entries(due)) await create('session', id, aSession({ id, cdrDueAt }));
        assert.deepEqual(await ids('session', { where: { cdrDueAt: { atMost: at(10) } } }), ['early', 'exact']);
        assert.equal(await store.count('session', { where: { cdrDueAt: { atMost: at(11) } } }), 3);
      });

      it('wants all conditions to hold', async () => {
        for (const [id, partnerId, lastUpdated] of [
          ['a', 'ems', at(0)],
          ['b', 'other', at(0)],
          ['c', 'ems', at(9)],
          ['d', 'ems', at(0)],
        ] as const)
          await create('cdr', id, aCdr({ id, partnerId, lastUpdated, sessionId: 's' }));
        const query = { where: { partner: 'ems', session: 's', due: '1' }, updatedTo: at(9) };
        assert.deepEqual(await ids('cdr', query), ['a', 'd']);
        assert.deepEqual(await ids('cdr', { ...query, offset: 1, limit: 5 }), ['d']);
        assert.equal(await store.count('cdr', query), 2);
        assert.deepEqual(await ids('cdr', { where: { ...query.where, session: 't' } }), []);
      });
    });

    describe('changes', () => {
      it('counts saves of any kind, and tells those of locations and tariffs in order', async () => {
        assert.equal(await store.lastChange(), 0);
        assert.deepEqual(await store.changedSince(0, 10), []);
        const l1 = await create('location', 'L1', aLocation());
        const t1 = await create('tariff', 'T1', { tariff: aTariff(), removed: false });
        const l2 = await create('location', 'L2', aLocation());
        const again = await store.save('location', l1);
        const session = await create('session', 's', aSession());
        const numbers = [l1, t1, l2, again, session].map(({ change }) => change);
        assert.deepEqual(
          numbers,
          [...new Set(numbers)].sort((a, b) => a - b),
        );
        assert.ok(l1.change > 0);
        assert.equal(await store.lastChange(), again.change);
        const all = [
          { kind: 'tariff', id: 'T1', change: t1.change },
          { kind: 'location', id: 'L2', change: l2.change },
          { kind: 'location', id: 'L1', change: again.change },
        ];
        assert.deepEqual((await store.changedSince(0, 10)).map(plain), all);
        assert.deepEqual((await store.changedSince(0, 2)).map(plain), all.slice(0, 2));
        assert.deepEqual((await store.changedSince(t1.change, 10)).map(plain), all.slice(1));
        assert.deepEqual(await store.changedSince(again.change, 10), []);
      });

      it('never gives a number twice, not to documents saved together nor after a removal and a restart', async () => {
        const saved = await Promise.all(Array.from({ length: 20 }, (_, n) => create('location', `L${n}`, aLocation())));
        const numbers = saved.map(({ change }) => change);
        assert.equal(new Set(numbers).size, 20);
        const highest = Math.max(...numbers);
        await store.remove('location', saved.find(({ change }) => change === highest)!.id, 1);
        store = await harness.reopen();
        assert.ok((await create('location', 'next', aLocation())).change > highest);
      });
    });

    describe('counters', () => {
      it('start at 1 and give each number once', async () => {
        assert.equal(await store.reserveNumbers('transaction', 1), 1);
        assert.equal(await store.reserveNumbers('transaction', 10), 2);
        assert.equal(await store.reserveNumbers('transaction', 1), 12);
        assert.equal(await store.reserveNumbers('other', 5), 1);
      });

      it('are unique when asked side by side, and after a restart', async () => {
        const taken = await Promise.all(Array.from({ length: 40 }, () => store.reserveNumbers('transaction', 3)));
        const numbers = taken.flatMap((first) => [first, first + 1, first + 2]);
        assert.equal(new Set(numbers).size, 120);
        store = await harness.reopen();
        assert.equal(await store.reserveNumbers('transaction', 1), Math.max(...numbers) + 1);
      });

      it('refuse a size that is no number of numbers', async () => {
        for (const size of [0, -1, 1.5, Number.NaN])
          await assert.rejects(store.reserveNumbers('transaction', size), RangeError);
        assert.equal(await store.reserveNumbers('transaction', 1), 1);
      });
    });

    describe('meter samples', () => {
      const sample = (n: number): MeterSample => ({ at: at(n), values: [{ value: String(n), unit: 'Wh' }] });

      it('are kept by session in the order in which they arrived', async () => {
        await store.appendMeterSamples('s1', [sample(5), sample(6)]);
        await Promise.all([store.appendMeterSamples('s2', [sample(1)]), store.appendMeterSamples('s1', [sample(2)])]);
        await store.appendMeterSamples('s1', []);
        assert.deepEqual(await store.meterSamples('s1'), [sample(5), sample(6), sample(2)]);
        assert.deepEqual(await store.meterSamples('s2'), [sample(1)]);
        assert.deepEqual(await store.meterSamples('s3'), []);
        store = await harness.reopen();
        assert.deepEqual(await store.meterSamples('s1'), [sample(5), sample(6), sample(2)]);
      });

      it('are forgotten by their time of arrival, and counted', async () => {
        const start = Date.parse(harness.clock.now());
        // their own time is in the far future: the charge point's clock must not count
        await store.appendMeterSamples('s1', [sample(10 ** 9), sample(10 ** 9 + 1)]);
        await harness.clock.advance(1_000);
        await store.appendMeterSamples('s1', [sample(3)]);
        assert.equal(await store.purgeMeterSamples(instant(start)), 0);
        assert.equal(await store.purgeMeterSamples(instant(start + 1_000)), 2);
        assert.deepEqual(await store.meterSamples('s1'), [sample(3)]);
        assert.equal(await store.purgeMeterSamples(instant(start + 1_001)), 1);
        assert.deepEqual(await store.meterSamples('s1'), []);
      });

      it('are forgotten by the thousand', async () => {
        const { length } = await Promise.all(
          Array.from({ length: 2_500 }, (_, n) => store.appendMeterSamples(`s${n % 7}`, [sample(n)])),
        );
        assert.equal(await store.purgeMeterSamples(instant(Date.parse(harness.clock.now()) + 1)), length);
        assert.equal(await store.purgeMeterSamples(instant(Date.parse(harness.clock.now()) + 1)), 0);
      });
    });

    describe('reopened', () => {
      it('has every document, revision, change and order', async () => {
        for (const id of ['b', 'a']) await create('location', id, aLocation({ name: id }));
        await store.save('location', { id: 'b', revision: 1, body: aLocation({ name: 'b2' }) });
        await create('token', 't', { partnerId: 'ems', token: aToken() });
        const before = await store.find('location');
        const last = await store.lastChange();
        store = await harness.reopen();
        assert.deepEqual(await store.find('location'), before);
        assert.equal(await store.lastChange(), last);
        assert.deepEqual(await ids('token', { where: { uid: aToken().uid.toLowerCase() } }), ['t']);
      });

      it('has what was asked for just before close', async () => {
        const saving = create('location', 'a', aLocation());
        store = await harness.reopen();
        assert.equal((await saving).revision, 1);
        assert.equal((await store.get('location', 'a'))?.revision, 1);
      });
    });

    it('refuses work once it is closed, and may be closed twice', async () => {
      await store.close();
      await store.close();
      await assert.rejects(store.get('location', 'a'), /closed/);
      await assert.rejects(create('location', 'a', aLocation()), /closed/);
      await assert.rejects(store.find('location'), /closed/);
    });
  });
}

/** As JSON has it: without members that are undefined. */
const asJson = <T>(body: T): T => JSON.parse(JSON.stringify(body)) as T;

const plain = <T extends object>(value: T): T => ({ ...value });

interface IndexCase {
  readonly kind: Kind;
  readonly id: string;
  readonly body: Kinds[Kind];
  readonly where: Readonly<Record<string, string>>;
  /** The document once it is in that index no more. */
  readonly other: Kinds[Kind];
}

function indexCases(): readonly IndexCase[] {
  const ended = aSession({ endedAt: at(9), status: 'COMPLETED' });
  const session = (where: Record<string, string>, body: Kinds['session'], other: Kinds['session']): IndexCase => {
    const id = Object.keys(where).join();
    return { kind: 'session', id, body, where, other };
  };
  const token = { partnerId: 'ems', token: aToken({ uid: 'ABCdef' }) };
  return [
    {
      kind: 'tariff',
      id: 't',
      body: { tariff: aTariff(), removed: false },
      where: { listed: '1' },
      other: { tariff: aTariff(), removed: true },
    },
    { kind: 'token', id: 'k1', body: token, where: { partner: 'ems' }, other: { ...token, partnerId: 'p2' } },
    { kind: 'token', id: 'k2', body: token, where: { uid: 'abcdef' }, other: { ...token, token: aToken() } },
    session({ partner: 'ems' }, aSession(), aSession({ partnerId: undefined })),
    session({ running: 'RBR-UTR-001' }, aSession(), ended),
    session({ startKey: 'k' }, aSession({ startKey: 'k' }), aSession({ startKey: 'l' })),
    session({ transaction: 'RBR-UTR-001|77' }, aSession({ transactionId: '77' }), aSession({ transactionId: '78' })),
    session({ due: '1' }, aSession({ version: 3 }), aSession({ version: 3, delivery: { delivered: 3 } })),
    session({ due: '1', partner: 'ems' }, aSession(), aSession({ partnerId: undefined })),
    session({ cdrDueAt: at(4) }, aSession({ cdrDueAt: at(4) }), aSession({ cdrDueAt: undefined })),
    session({ suspectSince: at(4) }, aSession({ suspectSince: at(4) }), aSession({ suspectSince: undefined })),
    { kind: 'cdr', id: 'c1', body: aCdr(), where: { partner: 'ems' }, other: aCdr({ partnerId: 'p2' }) },
    { kind: 'cdr', id: 'c2', body: aCdr({ sessionId: 'x' }), where: { session: 'x' }, other: aCdr() },
    {
      kind: 'cdr',
      id: 'c3',
      body: aCdr(),
      where: { due: '1' },
      other: aCdr({ delivery: { parked: { version: 1, reason: 'HTTP 400', at: at() } } }),
    },
    { kind: 'partner', id: 'p', body: aPartner({ tokenHash: 'h' }), where: { tokenHash: 'h' }, other: aPartner() },
    {
      kind: 'chargePoint',
      id: 'cp',
      body: aChargePoint({ locationId: 'Utr-001' }),
      where: { location: 'utr-001' },
      other: aChargePoint({ locationId: undefined }),
    },
  ];
}
