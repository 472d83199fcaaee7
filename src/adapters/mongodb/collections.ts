import type { Collection, Db } from 'mongodb';
import type {
  ApiKeyDocument,
  AuditDocument,
  PushUrlDocument,
  RefusalDocument,
  UsesDocument,
} from './access-documents.js';
import type {
  AddressDocument,
  ConnectionDocument,
  DatasetDocument,
  DesignDocument,
  GenerationDocument,
  GroupDocument,
  JobDocument,
  JobErrorsDocument,
  QuarantinedDocument,
  SampleDocument,
  UpkeepDocument,
  WorkerDocument,
} from './documents.js';
import type { AnswerPartDocument, FenceDocument, JobBodyDocument, PayloadPartDocument } from './log-documents.js';

/** The collections of the catalog, the push log and the ledger. */
export interface Collections {
  readonly connections: Collection<ConnectionDocument>;
  readonly samples: Collection<SampleDocument>;
  readonly datasets: Collection<DatasetDocument>;
  readonly designs: Collection<DesignDocument>;
  readonly payloads: Collection<PayloadPartDocument>;
  readonly answers: Collection<AnswerPartDocument>;
  readonly jobs: Collection<JobDocument>;
  /** The same collection: the payloads that are stored with their jobs. */
  readonly bodies: Collection<JobBodyDocument>;
  /** The same collection. */
  readonly fences: Collection<FenceDocument>;
  readonly groups: Collection<GroupDocument>;
  readonly jobErrors: Collection<JobErrorsDocument>;
  readonly generations: Collection<GenerationDocument>;
  readonly quarantine: Collection<QuarantinedDocument>;
  readonly apiKeys: Collection<ApiKeyDocument>;
  readonly pushUrls: Collection<PushUrlDocument>;
  readonly upkeep: Collection<UpkeepDocument>;
  readonly addresses: Collection<AddressDocument>;
  readonly workers: Collection<WorkerDocument>;
  readonly uses: Collection<UsesDocument>;
  readonly audit: Collection<AuditDocument>;
  /** Entries of actions that are going on. */
  readonly announcements: Collection<AuditDocument>;
  readonly refusals: Collection<RefusalDocument>;
}

export function collectionsOf(db: Db): Collections {
  return {
    connections: db.collection('connections'),
    samples: db.collection('samples'),
    datasets: db.collection('datasets'),
    designs: db.collection('designs'),
    payloads: db.collection('payloads'),
    answers: db.collection('answers'),
    jobs: db.collection('jobs'),
    bodies: db.collection('jobs'),
    fences: db.collection('jobs'),
    groups: db.collection('groups'),
    jobErrors: db.collection('job_errors'),
    generations: db.collection('generations'),
    quarantine: db.collection('quarantine'),
    apiKeys: db.collection('api_keys'),
    pushUrls: db.collection('push_urls'),
    upkeep: db.collection('upkeep'),
    addresses: db.collection('addresses'),
    workers: db.collection('workers'),
    uses: db.collection('rate_uses'),
    audit: db.collection('audit'),
    announcements: db.collection('audit_announcements'),
    refusals: db.collection('refusals'),
  };
}
