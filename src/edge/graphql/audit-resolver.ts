import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import type { AuditEntry } from '../../domain/security/audit.js';
import type { StoredRefusalCount } from '../../ports/refusal-log.js';
import type { GraphqlContext } from './context.js';
import { distinct, PageArgs } from './inputs.js';
import { AuditEntryObject, AuditFilterInput, AuditLogList } from './types/audit.js';
import { decodeAfter, type Page, toPage } from './types/page.js';
import { RefusalFilterInput, RefusalList } from './types/refusal.js';

@Resolver(() => AuditEntryObject)
export class AuditResolver {
  @Query(() => AuditLogList, {
    description:
      'What was done, by whom and from where, newest first. Pushes and deletes of records have no entries: their jobs say who requested them. Needs the scope MANAGE. Errors: FORBIDDEN, BAD_REQUEST.',
  })
  async auditLog(
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Which entries. The default is all.' })
    filter: AuditFilterInput | null | undefined,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<AuditEntry>> {
    const { actions, callerId, datasetId, from, to } = filter ?? {};
    const wanted = {
      actions: distinct(actions),
      callerId: callerId ?? undefined,
      datasetId: datasetId ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    return toPage('auditLog', await reader.audit.entries({ ...wanted, first, after: decodeAfter('auditLog', after) }));
  }

  @Query(() => RefusalList, {
    description:
      'How often callers were refused in each minute, for which reason, newest minute first. Counts are written once a minute, and kept for 30 days. Needs the scope MANAGE. Errors: FORBIDDEN, BAD_REQUEST.',
  })
  async refusals(
    @Arg('filter', () => RefusalFilterInput, { nullable: true, description: 'Which counts. The default is all.' })
    filter: RefusalFilterInput | null | undefined,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { reader }: GraphqlContext,
  ): Promise<Page<StoredRefusalCount>> {
    const { reasons, callerId, address, from, to } = filter ?? {};
    const wanted = {
      reasons: distinct(reasons),
      callerId: callerId ?? undefined,
      address: address ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    const query = { ...wanted, first, after: decodeAfter('refusals', after) };
    return toPage('refusals', await reader.audit.refusals(query));
  }
}
