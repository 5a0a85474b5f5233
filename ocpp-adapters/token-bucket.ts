export interface TokenBucket {
  /** Takes a token, if there is one. */
  take(): boolean;
  /** Takes a token in any case; returns for how many milliseconds the bucket is in debt, 0 when it isn't. */
  owe(): number;
}

/** `perSecond` tokens a second, and `burst` at once after a quiet time. */
export function createTokenBucket(perSecond: number, burst: number, nowMs: () => number): TokenBucket {
  let tokens = burst;
  let filledAt = nowMs();

  function fill(): void {
    const now = nowMs();
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000);
    filledAt = now;
  }

  return {
    take() {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    owe() {
      fill();
      tokens -= 1;
      return tokens < 0 ? Math.ceil((-tokens * 1000) / perSecond) : 0;
    },
  };
}
