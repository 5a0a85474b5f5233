import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGroupCommit, type Transactions } from '../../src/storage/sqlite/group-commit.js';

/** Records the statements; `fail` names one that throws. */
function fakeDatabase(fail?: string) {
  const statements: string[] = [];
  const state = { inTransaction: false, fail };
  const db: Transactions = {
    get inTransaction() {
      return state.inTransaction;
    },
    exec(sql) {
      statements.push(sql);
      if (sql === state.fail) throw new Error(`${sql} failed`);
      state.inTransaction = sql === 'BEGIN IMMEDIATE';
    },
  };
  return { db, statements, state };
}

const nothing = (): void => undefined;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const outcomes = async (promises: readonly Promise<unknown>[]): Promise<readonly unknown[]> =>
  (await Promise.allSettled(promises)).map((each) =>
    each.status === 'fulfilled' ? each.value : (each.reason as Error).message,
  );

describe('group commit', () => {
  it('commits once for all writes of a turn, and resolves each after it', async () => {
    const { db, statements } = fakeDatabase();
    const commits = createGroupCommit(db, 10, nothing);
    let committed: number | undefined;
    const writes = [1, 2, 3].map((n) =>
      commits.run(() => {
        statements.push(`write ${n}`);
        return n;
      }),
    );
    void writes[0]!.then(() => (committed = statements.indexOf('COMMIT')));
    assert.deepEqual(await outcomes(writes), [1, 2, 3]);
    assert.deepEqual(statements, ['BEGIN IMMEDIATE', 'write 1', 'write 2', 'write 3', 'COMMIT']);
    assert.equal(committed, 4);
  });

  it('commits what is too much for one batch in the following turns, in order', async () => {
    const { db, statements } = fakeDatabase();
    const commits = createGroupCommit(db, 2, nothing);
    const writes = [1, 2, 3, 4, 5].map((n) => commits.run(() => n));
    assert.deepEqual(await outcomes(writes), [1, 2, 3, 4, 5]);
    assert.equal(statements.filter((sql) => sql === 'COMMIT').length, 3);
  });

  it('rejects only the write that throws', async () => {
    const { db, statements } = fakeDatabase();
    const commits = createGroupCommit(db, 10, nothing);
    const writes = [
      commits.run(() => 1),
      commits.run(() => {
        throw new Error('conflict');
      }),
      commits.run(() => 3),
    ];
    assert.deepEqual(await outcomes(writes), [1, 'conflict', 3]);
    assert.deepEqual(statements, ['BEGIN IMMEDIATE', 'COMMIT']);
  });

  for (const fail of ['BEGIN IMMEDIATE', 'COMMIT']) {
    it(`rejects the whole batch when ${fail} fails, and works on with the next`, async () => {
      const { db, statements, state } = fakeDatabase(fail);
      const commits = createGroupCommit(db, 10, nothing);
      assert.deepEqual(await outcomes([commits.run(() => 1), commits.run(() => 2)]), [
        `${fail} failed`,
        `${fail} failed`,
      ]);
      assert.equal(state.inTransaction, false, 'rolled back');
      state.fail = undefined;
      assert.deepEqual(await outcomes([commits.run(() => 3)]), [3]);
      assert.equal(statements.at(-1), 'COMMIT');
    });
  }

  it('rejects the whole batch when the database ends the transaction amid it', async () => {
    const { db, statements, state } = fakeDatabase();
    const commits = createGroupCommit(db, 10, nothing);
    const writes = [
      commits.run(() => 1),
      commits.run(() => {
        state.inTransaction = false;
        throw new Error('disk full');
      }),
      commits.run(() => 3),
    ];
    assert.deepEqual(await outcomes(writes), ['disk full', 'disk full', 'disk full']);
    assert.deepEqual(statements, ['BEGIN IMMEDIATE']);
  });

  it('survives a rollback that fails', async () => {
    const { db, state } = fakeDatabase();
    const commits = createGroupCommit(db, 10, nothing);
    state.fail = 'COMMIT';
    const exec = db.exec.bind(db);
    db.exec = (sql) => {
      if (sql === 'ROLLBACK') throw new Error('no rollback');
      return exec(sql);
    };
    assert.deepEqual(await outcomes([commits.run(() => 1)]), ['COMMIT failed']);
  });

  it('flushes at once when asked', async () => {
    const { db, statements } = fakeDatabase();
    const commits = createGroupCommit(db, 2, nothing);
    const writes = [1, 2, 3].map((n) => commits.run(() => n));
    commits.flush();
    assert.equal(statements.filter((sql) => sql === 'COMMIT').length, 2);
    assert.deepEqual(await outcomes(writes), [1, 2, 3]);
    await turn();
    assert.equal(statements.length, 4, 'the turn that was planned finds nothing');
  });
});
