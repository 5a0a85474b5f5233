/** One thing that an older version of OCPI can't say, as `Object.field`, and what becomes of it. */
export interface LossNote {
  readonly field: string;
  readonly rule: string;
}

/** One with the code that does it. */
export interface Loss<T> extends LossNote {
  apply(value: T): T;
}

/** The value as the older version can say it. */
export const withLosses = <T>(value: T, losses: readonly Loss<T>[]): T =>
  losses.reduce((current, loss) => loss.apply(current), value);

/** Cuts a text to what a field may hold, and no character in half. */
export const cut = <T extends string | undefined>(text: T, maxLength: number): T =>
  text?.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '') as T;

/** The values that a closed enum of the older version knows. */
export const knownOnly = <T extends string>(
  values: readonly string[] | undefined,
  known: readonly T[],
): T[] | undefined => values?.filter((value): value is T => known.some((each) => each === value));
