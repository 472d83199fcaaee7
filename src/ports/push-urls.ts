import type { PushUrl } from '../domain/hooks/push-url.js';
import type { ListPage } from './catalog.js';

export interface PushUrlListQuery {
  readonly datasetId: string;
  readonly first: number;
  /** The id of the last push URL of the previous page. */
  readonly after?: string | undefined;
}

/** The push URLs of the service. Every call reads or writes the database: a revoked one is refused by every process at once. */
export interface PushUrls {
  insert(pushUrl: PushUrl): Promise<void>;
  /** The push URL whose token has this hash, in whatever state it is. */
  findByHash(tokenHash: Buffer): Promise<PushUrl | null>;
  /** Those of a dataset, newest first. */
  list(query: PushUrlListQuery): Promise<ListPage<PushUrl>>;
  count(datasetId: string): Promise<number>;
  /** Revokes a push URL; one that is revoked already keeps its time. Null if there is no such push URL. */
  revoke(id: string, at: Date): Promise<PushUrl | null>;
  /** Records that a push URL was used at this time. */
  recordUse(id: string, at: Date): Promise<void>;
}
