/** An object whose members are made when they are first used, and kept: a request uses few of them. */
export function madeWhenUsed<T extends object>(makes: { readonly [K in keyof T]: () => T[K] }): T {
  const members = {} as T;
  for (const name in makes) {
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = makes[name]();
        Object.defineProperty(members, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return members;
}
