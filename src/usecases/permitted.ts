import { type Caller, requireRight } from '../domain/security/caller.js';

declare const permitted: unique symbol;

/** A use case that checks the caller's right before anything else. Throws FORBIDDEN. */
export type Permitted<A extends unknown[], R> = ((...args: A) => Promise<R>) & { readonly [permitted]: true };

/** The parameters of a use case, with the caller as the last one. */
type WithCaller<A extends unknown[]> = A extends [...infer Others, infer Last]
  ? [Last] extends [Caller | null]
    ? [...Others, Caller]
    : [...A, Caller]
  : [...A, Caller];

/** Only for callers with the right MANAGE. */
export function managing<A extends unknown[], R>(run: (...args: A) => R) {
  return checking(run, (caller) => requireRight(caller, 'MANAGE'));
}

/** Only for callers who may push to the dataset that `datasetOf` finds in the arguments. */
export function pushing<A extends unknown[], R>(run: (...args: A) => R, datasetOf: (...args: A) => string) {
  return checking(run, (caller, args) => requireRight(caller, 'PUSH', datasetOf(...args)));
}

function checking<A extends unknown[], R>(
  run: (...args: A) => R,
  check: (caller: Caller, args: A) => void,
): Permitted<WithCaller<A>, Awaited<R>> {
  const checked = async (...given: WithCaller<A>) => {
    const args = given as unknown[] as A;
    check(given.at(-1) as Caller, args);
    return await run(...args);
  };
  return checked as Permitted<WithCaller<A>, Awaited<R>>;
}
