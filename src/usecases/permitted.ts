import { type Caller, requireRight } from '../domain/security/caller.js';
import type { Audit, RunAudited } from './audited.js';

declare const permitted: unique symbol;

/** A use case that checks the caller's right before anything else, and says what it leaves in the audit log. Throws FORBIDDEN. */
export type Permitted<A extends unknown[], R> = ((...args: A) => Promise<R>) & { readonly [permitted]: true };

/** The parameters of a use case, with the caller as the last one. */
type WithCaller<A extends unknown[]> = A extends [...infer Others, infer Last]
  ? [Last] extends [Caller | null]
    ? [...Others, Caller]
    : [...A, Caller]
  : [...A, Caller];

/** A job, which names who requested it: it is the record of what created it. */
interface Requested {
  readonly requestedBy: string;
}

/**
 * What a use case leaves in the audit log: an entry; nothing, because it changes nothing; or nothing beyond the job that it returns.
 */
type Audited<A extends unknown[], R> = Audit<A, R> | 'CHANGES_NOTHING' | (R extends Requested ? 'BY_ITS_JOB' : never);

/** Makes use cases of functions: the one place where the rights of everything but reading are checked, and where it is recorded what was done. Readers check what they show. */
export function permissions(runAudited: RunAudited) {
  return {
    /** Only for callers with the right MANAGE. */
    managing<A extends unknown[], R>(run: (...args: A) => R | Promise<R>, audit: Audited<A, R>) {
      const recorded = typeof audit === 'string' ? null : audit;
      return checking<A, R>(async (caller, args) => {
        requireRight(caller, 'MANAGE');
        if (!recorded) return await run(...args);
        return runAudited(recorded, args, caller, async () => await run(...args));
      });
    },

    /** Only for callers who may push to the dataset that `datasetOf` finds in the arguments. The job that it returns says who requested it, so it leaves no entry of its own. */
    pushing<A extends unknown[], R extends Requested>(
      run: (...args: A) => Promise<R>,
      datasetOf: (...args: A) => string,
    ) {
      return checking<A, R>(async (caller, args) => {
        requireRight(caller, 'PUSH', datasetOf(...args));
        return await run(...args);
      });
    },
  };
}

function checking<A extends unknown[], R>(run: (caller: Caller, args: A) => Promise<R>): Permitted<WithCaller<A>, R> {
  const checked = (...given: WithCaller<A>) => run(given.at(-1) as Caller, given as unknown[] as A);
  return checked as Permitted<WithCaller<A>, R>;
}
