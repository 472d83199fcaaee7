import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import type { AuditEntry } from '../../domain/security/audit.js';
import type { GraphqlContext } from './context.js';
import { PageArgs } from './inputs.js';
import { AuditEntryObject, AuditFilterInput, AuditLogList } from './types/audit.js';
import { decodeAfter, type Page, toPage } from './types/page.js';

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
      actions: actions ?? undefined,
      callerId: callerId ?? undefined,
      datasetId: datasetId ?? undefined,
      from: from ?? undefined,
      to: to ?? undefined,
    };
    return toPage(
      'auditLog',
      await reader.auditLog.entries({ ...wanted, first, after: decodeAfter('auditLog', after) }),
    );
  }
}
