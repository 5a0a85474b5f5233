import { RevisionConflict } from '../domain/errors.js';
import type { Kind, Kinds, Store, Stored } from '../ports.js';

/** Conflicts come only from other nodes; one that does not heal in so many tries is a fault. */
const MAX_TRIES = 8;

export interface Documents {
  /**
   * Changes one document: `decide` gets its present body (undefined when there is none) and returns the new one, or the
   * same object to leave it. It runs again on fresh state when another writer was faster, so it must be pure.
   * Returns the document as it then is; undefined when there is none.
   */
  change<K extends Kind>(
    kind: K,
    id: string,
    decide: (current: Kinds[K] | undefined) => Kinds[K] | undefined,
  ): Promise<Stored<Kinds[K]> | undefined>;
}

/** Changes of one document wait for each other here, so that within a node they never conflict. */
export function createDocuments(store: Store): Documents {
  const tails = new Map<string, Promise<unknown>>();

  async function attempt<K extends Kind>(
    kind: K,
    id: string,
    decide: (current: Kinds[K] | undefined) => Kinds[K] | undefined,
  ): Promise<Stored<Kinds[K]> | undefined> {
    for (let tries = 1; ; tries += 1) {
      const current = await store.get(kind, id);
      const body = decide(current?.body);
      if (body === undefined || body === current?.body) return current;
      try {
        return await store.save(kind, { id, revision: current?.revision ?? 0, body });
      } catch (error) {
        if (!(error instanceof RevisionConflict) || tries >= MAX_TRIES) throw error;
      }
    }
  }

  return {
    change(kind, id, decide) {
      const key = `${kind}/${id}`;
      const turn = (tails.get(key) ?? Promise.resolve()).then(() => attempt(kind, id, decide));
      const tail = turn.then(ignore, ignore);
      tails.set(key, tail);
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      return turn;
    },
  };
}

const ignore = (): void => undefined;
