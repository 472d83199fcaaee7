import type { ClientSession, Filter, MongoClient } from 'mongodb';
import type { Dataset, DatasetStatus } from '../../domain/dataset.js';
import { UNSET } from '../../domain/design/column.js';
import type { Design } from '../../domain/design/design.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import { lookedUpDatasets } from '../../domain/lookups/wanted-columns.js';
import { endTurn } from '../../event-loop/turns.js';
import type { Catalog, DatasetListQuery } from '../../ports/catalog.js';
import type { Collections } from './collections.js';
import { deleteDataset } from './delete-dataset.js';
import type { DatasetDocument, DesignDocument } from './documents.js';
import { IS_OPEN } from './job-end.js';
import { HAS_MARK } from './job-marks.js';
import { joinedFinds } from './joined-finds.js';
import { KeptDesigns } from './kept-designs.js';
import { anyOf, listPage, nameContains } from './lists.js';
import { holdLookedUp } from './lookup-uses.js';

type DatasetCatalog = Pick<
  Catalog,
  | 'insertDataset'
  | 'findDataset'
  | 'findDatasets'
  | 'listDatasets'
  | 'countDatasets'
  | 'findDesign'
  | 'replaceDraft'
  | 'applyFirst'
  | 'applyInPlace'
  | 'recordLostRows'
  | 'recordFoundRows'
  | 'deleteDataset'
  | 'findDatasetOfJob'
>;

const LONG_AGO = new Date(0);
const NEW_LANE = {
  runToken: 0,
  owner: null,
  leaseUntil: LONG_AGO,
  finalThrough: 0,
  committedThrough: 0,
  takenThrough: 0,
  finalBytes: 0,
  records: 0,
  rows: 0,
};

/** The part of the catalog for datasets. `kept`: the designs that this process keeps in memory. */
export function mongoDatasets(
  client: MongoClient,
  collections: Collections,
  kept: KeptDesigns = new KeptDesigns(),
): DatasetCatalog {
  const { connections, datasets, designs, generations, jobs } = collections;
  const inTransaction = <T>(work: (session: ClientSession) => Promise<T>) =>
    client.withSession((session) => session.withTransaction(() => work(session)));

  async function insertDesign(design: Design, session: ClientSession): Promise<void> {
    const document = toDesignDocument(design);
    await holdLookedUp(collections, document.lookedUp ?? [], session);
    await designs.insertOne(document, { session });
  }

  return {
    insertDataset(dataset, design) {
      const { id, name, connectionId, draftRevision, appliedRevision, generation, createdAt } = dataset;
      const pointers = { connectionId, draftRevision, appliedRevision, generation };
      const document = {
        _id: id,
        name,
        searchName: name.toLowerCase(),
        ...pointers,
        createdAt,
        deletedAt: null,
        lane: NEW_LANE,
      };
      return inTransaction(async (session) => {
        const built = await connections.updateOne({ _id: connectionId }, { $inc: { datasets: 1 } }, { session });
        if (built.matchedCount === 0) return false;
        await insertDesign(design, session);
        await datasets.insertOne(document, { session });
        return true;
      });
    },

    async findDataset(id) {
      const document = await datasets.findOne(there(id));
      return document && toDataset(document);
    },

    async findDatasets(ids) {
      const found = await datasets.find({ _id: { $in: [...ids] }, deletedAt: null }).toArray();
      return new Map(found.map((document) => [document._id, toDataset(document)]));
    },

    async listDatasets(query) {
      const page = await listPage(datasets, toFilter(query), query.first, query.after);
      return { ...page, nodes: page.nodes.map(toDataset) };
    },

    countDatasets: (query) => datasets.countDocuments(toFilter(query)),

    findDesign: designFinder(designs, kept),

    replaceDraft(design) {
      const { datasetId, revision } = design;
      return inTransaction(async (session) => {
        const filter = { ...there(datasetId), draftRevision: revision - 1 };
        const moved = await datasets.updateOne(filter, { $set: { draftRevision: revision } }, { session });
        if (moved.matchedCount === 0) return false;
        await insertDesign(design, session);
        return true;
      });
    },

    applyFirst(datasetId, revision, generation) {
      const filter = { ...there(datasetId), appliedRevision: null, draftRevision: revision };
      return inTransaction(async (session) => {
        const applied = await datasets.updateOne(
          filter,
          { $set: { appliedRevision: revision, generation } },
          { session },
        );
        if (applied.matchedCount === 0) return false;
        await generations.updateOne({ _id: generation }, { $set: { state: 'CURRENT', revision } }, { session });
        return true;
      });
    },

    applyInPlace(design, appliedRevision) {
      const { datasetId, revision } = design;
      return inTransaction(async (session) => {
        // The commit point of a reload also writes the dataset: one of the two comes first, and the other sees it.
        const reload = { ...HAS_MARK, ...IS_OPEN, datasetId, kind: 'RELOAD' as const };
        if (await jobs.findOne(reload, { session, projection: { _id: 1 } })) return 'RELOADING';
        // The draft itself, or the next design.
        const draftRevision = { $in: [revision, revision - 1] };
        const change = { $set: { draftRevision: revision, appliedRevision: revision } };
        const before = await datasets.findOneAndUpdate(
          { ...there(datasetId), draftRevision, appliedRevision },
          change,
          { session },
        );
        if (!before) return 'CHANGED';
        if (before.draftRevision < revision) await insertDesign(design, session);
        await generations.updateOne({ _id: before.generation ?? '' }, { $set: { revision } }, { session });
        return 'APPLIED';
      });
    },

    async recordLostRows(id, generation) {
      await datasets.updateOne({ ...there(id), generation }, { $set: { rowsLost: true } });
    },

    async recordFoundRows(id, generation) {
      await datasets.updateOne({ ...there(id), generation, rowsLost: true }, { $unset: { rowsLost: 1 } });
    },

    deleteDataset: (id, at) => deleteDataset(client, collections, id, at),

    async findDatasetOfJob(id) {
      const document = await datasets.findOne({ _id: id });
      return document && toDataset(document);
    },
  };
}

function designFinder(designs: Collections['designs'], kept: KeptDesigns): Catalog['findDesign'] {
  const find = joinedFinds(designs);
  return (datasetId, revision) => {
    const _id = designId(datasetId, revision);
    return kept.of(_id, async () => {
      const document = await find(_id);
      // The driver takes most of a turn for a wide one.
      if (document) await endTurn();
      return toDesign(document);
    });
  };
}

/** A dataset that is not deleted. */
function there(id: string) {
  return { _id: id, deletedAt: null };
}

function designId(datasetId: string, revision: number): string {
  return `${datasetId}:${revision}`;
}

function toFilter({
  connectionId,
  status,
  search,
  ids,
}: Omit<DatasetListQuery, 'first' | 'after'>): Filter<DatasetDocument> {
  return {
    ...(ids && { _id: { $in: [...ids] } }),
    ...nameContains(search),
    deletedAt: null,
    ...(connectionId !== undefined && { connectionId }),
    ...(status && anyOf(status.map((one) => FILTER_OF_STATUS[one]))),
  };
}

const IS_WHOLE = { rowsLost: { $exists: false } };
const FILTER_OF_STATUS: Record<DatasetStatus, Filter<DatasetDocument>> = {
  DRAFT: { appliedRevision: null },
  ACTIVE: { ...IS_WHOLE, $expr: { $eq: ['$appliedRevision', '$draftRevision'] } },
  PENDING_CHANGES: {
    ...IS_WHOLE,
    appliedRevision: { $ne: null },
    $expr: { $ne: ['$appliedRevision', '$draftRevision'] },
  },
  FAILED: { rowsLost: true },
};

function statusOf({ appliedRevision, draftRevision, rowsLost }: DatasetDocument): DatasetStatus {
  if (rowsLost) return 'FAILED';
  if (appliedRevision === null) return 'DRAFT';
  return appliedRevision === draftRevision ? 'ACTIVE' : 'PENDING_CHANGES';
}

function toDataset(document: DatasetDocument): Dataset {
  const { _id: id, name, connectionId, draftRevision, appliedRevision, generation, createdAt, lane } = document;
  const status = statusOf(document);
  const settled = { position: lane.finalThrough, bytes: lane.finalBytes };
  const counts = { recordCount: lane.records, rowCount: lane.rows, settled };
  return { id, name, connectionId, status, draftRevision, appliedRevision, generation, ...counts, createdAt };
}

function toDesignDocument({ transformations, ...design }: Design): DesignDocument {
  const _id = designId(design.datasetId, design.revision);
  const lookedUp = lookedUpDatasets(transformations);
  const text = stringifyJson(transformations);
  return { _id, ...design, transformations: text, ...(lookedUp.length > 0 && { lookedUp }) };
}

function toDesign(document: DesignDocument | null): Design | null {
  if (!document) return null;
  const { _id, columns, transformations = '[]', lookedUp: _lookedUp, ...design } = document;
  // Columns that were stored before there was a setting have its default.
  return {
    columns: columns.map((column) => ({ ...UNSET, ...column })),
    transformations: parseJson(transformations) as unknown as Design['transformations'],
    ...design,
  };
}
