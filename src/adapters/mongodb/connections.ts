import type { MongoClient } from 'mongodb';
import type { Connection } from '../../domain/connection.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { SourceField } from '../../domain/sample/source-field.js';
import type { Catalog, SampleVersion } from '../../ports/catalog.js';
import type { Collections } from './collections.js';
import type { ConnectionDocument, SampleDocument } from './documents.js';
import { EVERY_ID, listPage, nameContains } from './lists.js';

type ConnectionCatalog = Pick<
  Catalog,
  | 'insertConnection'
  | 'findConnection'
  | 'findSample'
  | 'listConnections'
  | 'countConnections'
  | 'updateConnection'
  | 'deleteConnection'
>;

/** The part of the catalog for connections. A sample version is written before the connection that names it. */
export function mongoConnections(client: MongoClient, collections: Collections): ConnectionCatalog {
  const { connections, samples } = collections;

  async function withSamples(documents: readonly ConnectionDocument[]): Promise<Connection[]> {
    const ids = documents.map((document) => sampleId(document._id, document.sampleVersion));
    const found = await samples.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(found.map((sample) => [sample._id, sample]));
    return documents.flatMap((document) => {
      const sample = byId.get(sampleId(document._id, document.sampleVersion));
      return sample ? [toConnection(document, sample)] : [];
    });
  }

  return {
    async insertConnection(connection) {
      const { id, sample, sampleVersion, fields, ...rest } = connection;
      await samples.insertOne(toDocument(id, { sample, sampleVersion, fields }));
      const searchName = rest.name.toLowerCase();
      await connections.insertOne({ _id: id, ...rest, sampleVersion, searchName, datasets: 0 });
    },

    async findConnection(id) {
      const document = await connections.findOne({ _id: id });
      return document && ((await withSamples([document]))[0] ?? null);
    },

    async findSample(connectionId, version) {
      const sample = await samples.findOne({ _id: sampleId(connectionId, version) });
      return sample && toSample(sample);
    },

    async listConnections({ first, after, search }) {
      const page = await listPage(connections, nameContains(search), first, after);
      return { ...page, nodes: await withSamples(page.nodes) };
    },

    countConnections: (search) => connections.countDocuments({ ...EVERY_ID, ...nameContains(search) }),

    async updateConnection(id, { name, sample, updatedAt }) {
      const filter = { _id: id, ...(sample && { sampleVersion: sample.sampleVersion - 1 }) };
      const $set = {
        updatedAt,
        ...(name !== undefined && { name, searchName: name.toLowerCase() }),
        ...(sample && { sampleVersion: sample.sampleVersion }),
      };
      const document = await client.withSession((session) =>
        session.withTransaction(async () => {
          const updated = await connections.findOneAndUpdate(filter, { $set }, { returnDocument: 'after', session });
          if (updated && sample) await samples.insertOne(toDocument(id, sample), { session });
          return updated;
        }),
      );
      return document && ((await withSamples([document]))[0] ?? null);
    },

    async deleteConnection(id) {
      const { deletedCount } = await connections.deleteOne({ _id: id, datasets: 0 });
      if (deletedCount === 0) return (await connections.findOne({ _id: id })) ? 'IN_USE' : 'NOT_FOUND';
      await samples.deleteMany({ _id: { $regex: `^${id}:` } });
      return 'DELETED';
    },
  };
}

function sampleId(connectionId: string, version: number): string {
  return `${connectionId}:${version}`;
}

function toDocument(
  connectionId: string,
  { sample, sampleVersion, fields }: Pick<Connection, 'sample' | 'sampleVersion' | 'fields'>,
): SampleDocument {
  return { _id: sampleId(connectionId, sampleVersion), text: sample, fields: stringifyJson(fields) };
}

function toSample({ text, fields }: SampleDocument): SampleVersion {
  return { text, fields: parseJson(fields) as unknown as SourceField[] };
}

function toConnection(document: ConnectionDocument, sample: SampleDocument): Connection {
  const { _id: id, name, type, sampleVersion, createdAt, updatedAt } = document;
  const { text, fields } = toSample(sample);
  return { id, name, type, sample: text, sampleVersion, fields, createdAt, updatedAt };
}
