import type Database from 'libsql';
import { DomainError, RevisionConflict } from '../../domain/errors.js';
import type { Change, Kind, Kinds, Query, Stored } from '../../ports.js';
import { declarationOf, indexNames, indexValues, kindNames } from '../kinds.js';

type Value = string | number | null;
type Statement = Database.Statement<[readonly Value[]]>;

interface Row {
  readonly id: string;
  readonly revision: number;
  readonly change: number;
  readonly body: string;
}

/** A document as text, ready to be written. */
export interface Writable<K extends Kind> {
  readonly kind: K;
  readonly id: string;
  readonly revision: number;
  readonly body: Kinds[K];
  /** The body's JSON text and its time of change. */
  readonly content: readonly (string | null)[];
  /** Its value in each index; undefined: the same as in the revision that it follows. */
  readonly indexes: readonly (string | null)[] | undefined;
}

/** Which state of which document. */
interface Key {
  readonly id: string;
  readonly change: number;
}

/** The statements on documents. Those that write belong into a transaction. */
export interface Documents {
  get<K extends Kind>(kind: K, id: string): Stored<Kinds[K]> | undefined;
  find<K extends Kind>(kind: K, query: Query<K>): readonly Stored<Kinds[K]>[];
  /** Ids and change numbers of what `find` would find. */
  findKeys<K extends Kind>(kind: K, query: Query<K>): readonly Key[];
  count<K extends Kind>(kind: K, query: Query<K>): number;
  save<K extends Kind>(document: Writable<K>): Stored<Kinds[K]>;
  remove(kind: Kind, id: string, revision: number): void;
  changedSince(after: number, limit: number): readonly Change[];
  lastChange(): number;
  /** Writes the change counter, once for all saves of a transaction, as its last statement. */
  keepCounter(): void;
}

/**
 * Serialises a document when it is asked for, so that the commit has only to write.
 * @param before the body of the revision that it follows, where that is known: SQLite writes an index anew for every
 * update that names its column, whether the value differs or not, and most updates change none
 */
export function writable<K extends Kind>(
  kind: K,
  id: string,
  revision: number,
  body: Kinds[K],
  before: Kinds[K] | undefined,
): Writable<K> {
  // SQLite ends a text that it gives back at its first NUL
  if (id.includes('\0')) throw new DomainError('invalid-input', `the id of a ${kind} has a NUL character`);
  const content = [JSON.stringify(body), declarationOf(kind).updated(body)];
  const indexes = indexValues(kind, body);
  const known = before && indexValues(kind, before);
  const same = known?.every((value, at) => value === indexes[at]) ?? false;
  return { kind, id, revision, body, content, indexes: same ? undefined : indexes };
}

export function createDocuments(db: Database.Database): Documents {
  const statements = new Map<string, Statement>();
  /** Each text is prepared once; there are as many as kinds and shapes of queries. */
  const prepared = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = db.prepare<[readonly Value[]]>(sql)));
    return statement;
  };
  const fixed = new Map(kindNames.map((kind) => [kind, fixedStatements(db, kind)]));
  const of = (kind: Kind): FixedStatements => fixed.get(kind) ?? unknownKind(kind);
  const saveCounter = db.prepare('UPDATE change_counter SET last = ?');
  // counted in memory, as no other process has the file; a transaction that fails skips its numbers
  let counter = (db.prepare('SELECT last FROM change_counter').get([]) as { last: number }).last;
  let savedCounter = counter;
  const changed = db.prepare(`
    SELECT 'location' AS kind, id, change FROM location WHERE change > ?
    UNION ALL SELECT 'tariff', id, change FROM tariff WHERE change > ? ORDER BY change LIMIT ?`);
  const last = db.prepare(`
    SELECT max(coalesce((SELECT max(change) FROM location), 0), coalesce((SELECT max(change) FROM tariff), 0)) AS last`);

  return {
    get<K extends Kind>(kind: K, id: string) {
      const row = of(kind).get.get([id]) as Row | undefined;
      return row && storedOf<K>(row, id);
    },
    find<K extends Kind>(kind: K, query: Query<K>) {
      const { sql, values } = condition(kind, query);
      const select = `SELECT id, revision, change, body FROM "${kind}"${sql} ORDER BY seq LIMIT ? OFFSET ?`;
      const rows = prepared(select).all([...values, query.limit ?? -1, query.offset ?? 0]) as Row[];
      return rows.map((row) => storedOf<K>(row, row.id));
    },
    findKeys<K extends Kind>(kind: K, query: Query<K>) {
      const { sql, values } = condition(kind, query);
      const select = prepared(`SELECT id, change FROM "${kind}"${sql} ORDER BY seq LIMIT ? OFFSET ?`);
      const bound = [...values, query.limit ?? -1, query.offset ?? 0];
      // one row costs a fraction of a list of one
      if (query.limit !== 1) return select.all(bound) as Key[];
      const row = select.get(bound) as Key | undefined;
      return row ? [row] : [];
    },
    count<K extends Kind>(kind: K, query: Query<K>) {
      const { sql, values } = condition(kind, query);
      return (prepared(`SELECT count(*) AS n FROM "${kind}"${sql}`).get(values) as { n: number }).n;
    },
    save<K extends Kind>({ kind, id, revision, body, content, indexes }: Writable<K>) {
      // taken first: a save that conflicts skips a number, and none is ever given twice
      counter += 1;
      const change = counter;
      const { insert, update, updateContent } = of(kind);
      const next = [revision + 1, change, ...content];
      const write = (): { changes: number } => {
        if (!indexes) return updateContent.run([...next, id, revision]);
        return revision === 0 ? insert.run([id, ...next, ...indexes]) : update.run([...next, ...indexes, id, revision]);
      };
      const { changes } = write();
      if (changes === 0) throw new RevisionConflict(kind, id);
      return { id, revision: revision + 1, change, body };
    },
    remove(kind, id, revision) {
      const { remove, get } = of(kind);
      if (remove.run([id, revision]).changes === 0 && get.get([id]) !== undefined) throw new RevisionConflict(kind, id);
    },
    changedSince: (after, limit) => changed.all([after, after, limit]) as Change[],
    lastChange: () => (last.get([]) as { last: number }).last,
    keepCounter() {
      if (counter === savedCounter) return;
      saveCounter.run([counter]);
      savedCounter = counter;
    },
  };
}

type FixedStatements = Readonly<Record<'get' | 'insert' | 'update' | 'updateContent' | 'remove', Statement>>;

function fixedStatements(db: Database.Database, kind: Kind): FixedStatements {
  const content = ['revision', 'change', 'body', 'updated'];
  const columns = [...content, ...indexNames(kind).map(columnOf)];
  const marks = columns.map(() => '?').join(', ');
  const update = (of: readonly string[]): Statement =>
    db.prepare(`UPDATE "${kind}" SET ${of.map((column) => `${column} = ?`).join(', ')} WHERE id = ? AND revision = ?`);
  return {
    get: db.prepare(`SELECT revision, change, body FROM "${kind}" WHERE id = ?`),
    insert: db.prepare(
      `INSERT INTO "${kind}" (id, ${columns.join(', ')}) VALUES (?, ${marks}) ON CONFLICT (id) DO NOTHING`,
    ),
    update: update(columns),
    updateContent: update(content),
    remove: db.prepare(`DELETE FROM "${kind}" WHERE id = ? AND revision = ?`),
  };
}

const columnOf = (index: string): string => `"ix_${index}"`;

const storedOf = <K extends Kind>({ revision, change, body }: Omit<Row, 'id'>, id: string): Stored<Kinds[K]> => ({
  id,
  revision,
  change,
  body: JSON.parse(body) as Kinds[K],
});

function condition<K extends Kind>(kind: K, query: Query<K>): { sql: string; values: readonly Value[] } {
  const where: Readonly<Record<string, string | { readonly atMost: string } | undefined>> = query.where ?? {};
  const known: readonly string[] = indexNames(kind);
  const terms: string[] = [];
  const values: Value[] = [];
  for (const [name, wanted] of Object.entries(where)) {
    if (wanted === undefined) continue;
    if (!known.includes(name)) throw new TypeError(`a ${kind} has no index called ${name}`);
    terms.push(`${columnOf(name)} ${typeof wanted === 'string' ? '=' : '<='} ?`);
    values.push(typeof wanted === 'string' ? wanted : wanted.atMost);
  }
  if (query.updatedFrom !== undefined) {
    terms.push('updated >= ?');
    values.push(query.updatedFrom);
  }
  if (query.updatedTo !== undefined) {
    terms.push('updated < ?');
    values.push(query.updatedTo);
  }
  return { sql: terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '', values };
}

function unknownKind(kind: string): never {
  throw new TypeError(`there is no kind of document called ${kind}`);
}
