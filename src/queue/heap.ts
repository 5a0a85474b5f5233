/** A binary heap: the first by `before` comes out first; push and pop take O(log n). */
export interface Heap<T> {
  readonly size: number;
  peek(): T | undefined;
  push(item: T): void;
  pop(): T | undefined;
  clear(): void;
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  /** Swaps the items at both places when the one at `child` comes first. */
  const swapIfBefore = (child: number, parent: number): boolean => {
    const a = items[child];
    const b = items[parent];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    items[child] = b;
    items[parent] = a;
    return true;
  };

  function siftDown(): void {
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const [a, b] = [items[left], items[right]];
      const first = a !== undefined && b !== undefined && before(b, a) ? right : left;
      if (!swapIfBefore(first, parent)) return;
      parent = first;
    }
  }

  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push(item) {
      items.push(item);
      for (let child = items.length - 1; child > 0;) {
        const parent = (child - 1) >> 1;
        if (!swapIfBefore(child, parent)) return;
        child = parent;
      }
    },
    pop() {
      const [first] = items;
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        siftDown();
      }
      return first;
    },
    clear: () => void (items.length = 0),
  };
}
