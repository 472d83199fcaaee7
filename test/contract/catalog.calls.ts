import { v7 as uuidV7 } from 'uuid';
import type { PushUrl } from '../../src/domain/hooks/push-url.js';
import type { ApiKeys } from '../../src/ports/api-keys.js';
import type { Catalog } from '../../src/ports/catalog.js';
import type { PushUrls } from '../../src/ports/push-urls.js';
import { newKey } from '../../src/usecases/api-keys.js';
import { storedSecret } from '../../src/usecases/secrets.js';
import type { FilledDatabase } from '../support/filled-database.js';
import { CALLER } from '../support/lane.js';
import { type Calls, inTurn } from '../support/port-calls.js';

/** Calls of what names and owns data: connections, datasets, designs, API keys and push URLs. */
export function catalogCalls(filled: () => FilledDatabase) {
  const bench = () => filled().bench;
  const id = () => filled().datasetId;
  const other = (n: number) => filled().others.at(n) ?? '';

  const catalog: Calls<Catalog> = {
    findConnection: () => bench().catalog.findConnection(filled().connectionId),
    findSampledConnection: () => bench().catalog.findSampledConnection(filled().connectionId),
    findSample: () => bench().catalog.findSample(filled().connectionId, 1),
    listConnections: async () => {
      const { nodes } = await bench().catalog.listConnections({ first: 5 });
      await bench().catalog.listConnections({ first: 5, after: nodes.at(-1)?.id ?? '' });
    },
    countConnections: () => bench().catalog.countConnections(),
    insertConnection: async () => {
      const connection = await bench().catalog.findSampledConnection(filled().connectionId);
      if (connection) await bench().catalog.insertConnection({ ...connection, id: uuidV7() });
    },
    updateConnection: () =>
      bench().catalog.updateConnection(filled().connectionId, { name: 'b', updatedAt: new Date() }),
    deleteConnection: async () => {
      const { id: connectionId } = await bench().useCases.createConnection({ name: 'c', sample: { a: 1 } }, CALLER);
      await bench().catalog.deleteConnection(filled().connectionId);
      await bench().catalog.deleteConnection(connectionId);
    },
    insertDataset: () => bench().dataset({ n: 1 }),
    findDataset: () => bench().catalog.findDataset(id()),
    findDatasets: () => bench().catalog.findDatasets([id(), other(1)]),
    findDatasetOfJob: () => bench().catalog.findDatasetOfJob(id()),
    listDatasets: async () => {
      const { nodes } = await bench().catalog.listDatasets({ first: 5 });
      await bench().catalog.listDatasets({ first: 5, after: nodes.at(-1)?.id ?? '' });
      await bench().catalog.listDatasets({ first: 5, connectionId: filled().connectionId });
      await bench().catalog.listDatasets({ first: 5, status: ['ACTIVE'] });
      await bench().catalog.listDatasets({ first: 5, status: ['FAILED', 'DRAFT'] });
    },
    countDatasets: () =>
      inTurn(
        () => bench().catalog.countDatasets({}),
        () => bench().catalog.countDatasets({ connectionId: filled().connectionId }),
        () => bench().catalog.countDatasets({ status: ['FAILED'] }),
      ),
    findDesign: () => bench().catalog.findDesign(id(), 1),
    replaceDraft: async () => {
      const design = await bench().catalog.findDesign(other(1), 1);
      const { draftRevision } = await bench().reader.catalog.existingDataset(other(1));
      if (design) await bench().catalog.replaceDraft({ ...design, revision: draftRevision + 1 });
    },
    applyFirst: async () => {
      const { id: fresh } = await bench().useCases.createDataset({ name: 'd', sample: { a: 1 }, apply: false }, CALLER);
      await bench().useCases.applyChanges(fresh, CALLER);
    },
    applyInPlace: async () => {
      const { appliedRevision, draftRevision } = await bench().reader.catalog.existingDataset(other(2));
      const design = await bench().catalog.findDesign(other(2), draftRevision);
      const next = design && { ...design, revision: draftRevision + 1 };
      if (next) await bench().catalog.applyInPlace(next, appliedRevision ?? 0);
    },
    recordLostRows: () => bench().catalog.recordLostRows(id(), filled().generation),
    recordFoundRows: () => bench().catalog.recordFoundRows(id(), filled().generation),
    deleteDataset: () => bench().catalog.deleteDataset(other(3), new Date(0)),
  };

  const apiKeys: Calls<ApiKeys> = {
    insert: () => bench().apiKeys.insert(newKey(bench(), 'a', 'secret')),
    configure: () => bench().apiKeys.configure(newKey(bench(), 'a', 'configured')),
    find: () => bench().apiKeys.find(uuidV7()),
    findByHash: () => bench().apiKeys.findByHash(Buffer.alloc(32, 1)),
    findByHashes: () => bench().apiKeys.findByHashes([Buffer.alloc(32, 1)]),
    list: () => bench().apiKeys.list({ first: 10 }),
    count: () => bench().apiKeys.count(),
    revoke: () => bench().apiKeys.revoke(uuidV7(), new Date(0)),
    rotate: () => bench().apiKeys.rotate(uuidV7(), { ...storedSecret('rotated'), previousUntil: new Date(0) }),
    recordUse: () => bench().apiKeys.recordUse(uuidV7(), new Date(0)),
  };

  const pushUrls: Calls<PushUrls> = {
    insert: () => bench().pushUrls.insert(pushUrl(id())),
    findByHash: () => bench().pushUrls.findByHash(Buffer.alloc(32, 1)),
    list: async () => {
      const { nodes } = await bench().pushUrls.list({ datasetId: id(), first: 1 });
      await bench().pushUrls.list({ datasetId: id(), first: 1, after: nodes.at(-1)?.id ?? '' });
    },
    count: () => bench().pushUrls.count(id()),
    revoke: () => bench().pushUrls.revoke(uuidV7(), new Date(0)),
    recordUse: () => bench().pushUrls.recordUse(uuidV7(), new Date(0)),
  };

  return { catalog, apiKeys, pushUrls };
}

function pushUrl(datasetId: string): PushUrl {
  return {
    id: uuidV7(),
    name: 'hook',
    datasetId,
    documentUpdateMethod: 'REPLACE',
    signature: null,
    tokenHash: Buffer.alloc(32, 1),
    createdAt: new Date(0),
    createdBy: 'test',
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  };
}
