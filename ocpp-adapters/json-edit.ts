/** Property names and array indexes from the root down to a value. */
export type Path = readonly string[];

/** Mends parsed JSON in place. Elements that are removed from arrays keep the others' indexes until `finish`. */
export interface Editor {
  root(): unknown;
  get(path: Path): unknown;
  set(path: Path, value: unknown): void;
  remove(path: Path): void;
  finish(): void;
}

const removed = Symbol('removed');

type Container = Record<string, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

export function createEditor(payload: unknown): Editor {
  let root = payload;
  const arrays = new Set<unknown[]>();

  function get(path: Path): unknown {
    let value = root;
    for (const part of path) {
      if (!isContainer(value) || !Object.hasOwn(value, part)) return undefined;
      value = value[part];
    }
    return value === removed ? undefined : value;
  }

  return {
    root: () => root,
    get,
    set(path, value) {
      const field = path.at(-1);
      if (field === undefined) {
        root = value;
        return;
      }
      const parent = get(path.slice(0, -1));
      if (isContainer(parent)) parent[field] = value;
    },
    remove(path) {
      const parent = get(path.slice(0, -1));
      const field = path.at(-1) ?? '';
      if (Array.isArray(parent)) {
        (parent as unknown[])[Number(field)] = removed;
        arrays.add(parent);
      } else if (isContainer(parent)) {
        Reflect.deleteProperty(parent, field);
      }
    },
    finish() {
      arrays.forEach(compact);
      arrays.clear();
    },
  };
}

function compact(array: unknown[]): void {
  let length = 0;
  for (const value of array) {
    if (value !== removed) array[length++] = value;
  }
  array.length = length;
}
