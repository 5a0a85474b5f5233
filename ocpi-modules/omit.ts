/** The value without some of its fields. */
export const omit = <T extends object, K extends keyof T>(of: T, ...names: readonly K[]): Omit<T, K> =>
  Object.fromEntries(Object.entries(of).filter(([name]) => !names.some((each) => each === name))) as Omit<T, K>;
