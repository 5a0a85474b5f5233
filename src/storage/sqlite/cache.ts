import type { Kind, Kinds, Stored } from '../../ports.js';

/** The newest committed state of documents that were used lately. Only one process has the file, so it is never stale. */
export interface DocumentCache {
  get<K extends Kind>(kind: K, id: string): Stored<Kinds[K]> | undefined;
  /** Keeps a document, unless it holds a newer revision already. */
  put<K extends Kind>(kind: K, document: Stored<Kinds[K]>): void;
  drop(kind: Kind, id: string): void;
}

/** @param size most documents that are kept; the one that was not used for longest goes first */
export function createDocumentCache(size: number): DocumentCache {
  const documents = new Map<string, Stored<Kinds[Kind]>>();
  const keyOf = (kind: Kind, id: string): string => `${kind}/${id}`;

  function keep(key: string, document: Stored<Kinds[Kind]>): void {
    documents.delete(key);
    documents.set(key, document);
    if (documents.size <= size) return;
    const [oldest] = documents.keys();
    if (oldest !== undefined) documents.delete(oldest);
  }

  return {
    get<K extends Kind>(kind: K, id: string) {
      const key = keyOf(kind, id);
      const found = documents.get(key);
      if (found) keep(key, found);
      return found as Stored<Kinds[K]> | undefined;
    },
    put(kind, document) {
      const key = keyOf(kind, document.id);
      const known = documents.get(key);
      if (!known || known.change < document.change) keep(key, document);
    },
    drop(kind, id) {
      documents.delete(keyOf(kind, id));
    },
  };
}
