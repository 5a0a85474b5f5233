import type { WebSocket } from 'ws';

/** A socket that several have reason to hold back: nothing is read from it while any of them does. */
export function createPauses(socket: Pick<WebSocket, 'pause' | 'resume'>): {
  hold(why: string): void;
  release(why: string): void;
} {
  const reasons = new Set<string>();
  return {
    hold(why) {
      reasons.add(why);
      socket.pause();
    },
    release(why) {
      if (reasons.delete(why) && reasons.size === 0) socket.resume();
    },
  };
}
