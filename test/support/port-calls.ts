/** A call of a port, with the arguments that a test gives it. */
export type Call = () => Promise<unknown>;

/** A call of every method of a port: a new method must be added to the test. */
export type Calls<P> = { readonly [M in keyof P as P[M] extends (...args: never[]) => unknown ? M : never]: Call };

/** The calls of several ports, in order, each with its name. */
export function namedCalls(ports: Readonly<Record<string, Readonly<Record<string, Call>>>>): [string, Call][] {
  return Object.entries(ports).flatMap(([port, methods]) =>
    Object.entries(methods).map(([method, call]): [string, Call] => [`${port}.${method}`, call]),
  );
}

export async function inTurn(...calls: readonly Call[]): Promise<void> {
  for (const call of calls) await call();
}
