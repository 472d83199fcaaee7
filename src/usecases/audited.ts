import { HTTP_STATUS_OF_CODE, SluiceError } from '../domain/errors.js';
import {
  type AuditAction,
  type AuditEntry,
  type AuditSubject,
  auditCallerOf,
  SUBJECT_OF_ACTION,
  timeOfId,
} from '../domain/security/audit.js';
import type { Caller } from '../domain/security/caller.js';
import type { Deps } from './deps.js';

/** Longer than names and ids that are accepted. */
const LONGEST_TEXT = 1_000;

/** What the audit log says of an action, made from its arguments `A` and its result `R`. */
export interface Audit<A extends unknown[], R> {
  readonly action: AuditAction;
  /** What is known before: the id of what it is done to, or the name of what it creates. */
  readonly before: (...args: A) => { readonly id: string; readonly name?: string } | { readonly name: string };
  /** What is known only afterwards, such as the id of what it has created. */
  readonly after?: (result: R) => { readonly id?: string; readonly name?: string; readonly datasetId?: string };
}

export type AuditDeps = Pick<Deps, 'auditLog' | 'newId' | 'reportError'> & {
  readonly catalog: Pick<Deps['catalog'], 'findDataset' | 'findConnection'>;
  readonly apiKeys: Pick<Deps['apiKeys'], 'find'>;
};

/** Runs an action so that it has an entry in the audit log. Null as caller: it is done on the machine of the service. */
export type RunAudited = <A extends unknown[], R>(
  audit: Audit<A, R>,
  args: A,
  caller: Caller | null,
  run: () => R | Promise<R>,
) => Promise<R>;

/**
 * The action is announced before it runs, so it is refused as long as nothing can be written. Once it is done, its result is returned even if its entry could not be
 * appended: the announcement then becomes an entry later. A refusal (a SluiceError with a status below 500) leaves no entry. After any other error, nobody knows
 * whether the action took effect, and its announcement stays.
 */
export function auditing(deps: AuditDeps): RunAudited {
  const { auditLog, reportError } = deps;
  return async (audit, args, caller, run) => {
    const announced = await announcement(deps, audit.action, audit.before(...args), caller);
    await auditLog.announce(announced);
    const attempt = (doing: string, work: Promise<void>) =>
      work.catch((error: unknown) => reportError(error, `${doing} ${audit.action} (${announced.id})`));
    try {
      const result = await run();
      const entry = completed(announced, audit.after?.(result) ?? {});
      await attempt('writing the audit entry of', auditLog.append(entry));
      return result;
    } catch (error) {
      if (isRefusal(error)) await attempt('retracting the announcement of', auditLog.retract(announced.id));
      throw error;
    }
  };
}

async function announcement(
  deps: AuditDeps,
  action: AuditAction,
  known: { readonly id?: string; readonly name?: string },
  caller: Caller | null,
): Promise<AuditEntry> {
  const id = deps.newId();
  const kind = SUBJECT_OF_ACTION[action];
  const subjectId = known.id === undefined ? null : shown(known.id);
  const name = known.name ?? (subjectId === null ? null : await nameOf(deps, kind, subjectId));
  return {
    id,
    at: timeOfId(id),
    action,
    outcome: 'UNKNOWN',
    subject: { kind, id: subjectId, name: name && shown(name) },
    datasetId: kind === 'DATASET' ? subjectId : null,
    caller: caller && auditCallerOf(caller),
    address: caller?.address ?? null,
  };
}

function completed(
  { subject, ...entry }: AuditEntry,
  {
    id = subject.id ?? undefined,
    name = subject.name ?? undefined,
    datasetId,
  }: ReturnType<NonNullable<Audit<[], unknown>['after']>>,
): AuditEntry {
  const made = { ...subject, id: id ?? null, name: name ?? null };
  const ofDataset = datasetId ?? entry.datasetId ?? (subject.kind === 'DATASET' ? made.id : null);
  return { ...entry, outcome: 'DONE', subject: made, datasetId: ofDataset };
}

/** The name of what exists, so that entries still name what was deleted. */
async function nameOf({ catalog, apiKeys }: AuditDeps, kind: AuditSubject, id: string): Promise<string | null> {
  switch (kind) {
    case 'DATASET':
      return (await catalog.findDataset(id))?.name ?? null;
    case 'CONNECTION':
      return (await catalog.findConnection(id))?.name ?? null;
    case 'API_KEY':
      return (await apiKeys.find(id))?.name ?? null;
    default:
      return null;
  }
}

/** A text of a request that is not checked yet: those that are longer or not well-formed are refused. */
function shown(text: string): string {
  return text.slice(0, LONGEST_TEXT).toWellFormed();
}

function isRefusal(error: unknown): boolean {
  return error instanceof SluiceError && HTTP_STATUS_OF_CODE[error.code] < 500;
}
