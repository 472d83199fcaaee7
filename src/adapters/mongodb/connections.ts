import type { MongoClient } from 'mongodb';
import type { Connection, SampledConnection } from '../../domain/connection.js';
import { parseJson } from '../../domain/json/parse-json.js';
import { stringifyJson } from '../../domain/json/stringify-json.js';
import type { SourceField } from '../../domain/sample/source-field.js';
import type { Catalog, SampleVersion } from '../../ports/catalog.js';
import type { Collections } from './collections.js';
import type { ConnectionDocument, SampleDocument } from './documents.js';
import { joinedFinds } from './joined-finds.js';
import { EVERY_ID, listPage, nameContains } from './lists.js';

type ConnectionCatalog = Pick<
  Catalog,
  | 'insertConnection'
  | 'findConnection'
  | 'findSampledConnection'
  | 'findSample'
  | 'listConnections'
  | 'countConnections'
  | 'updateConnection'
  | 'deleteConnection'
>;

/** The part of the catalog for connections. A sample version is written before the connection that names it. */
export function mongoConnections(client: MongoClient, collections: Collections): ConnectionCatalog {
  const { connections, samples } = collections;
  const findOneSample = joinedFinds(samples);

  /** Null if the connection does not exist, or is being deleted. */
  async function sampled(document: ConnectionDocument | null): Promise<SampledConnection | null> {
    const sample = document && (await samples.findOne({ _id: sampleId(document._id, document.sampleVersion) }));
    if (!sample) return null;
    const { text, fields } = toSample(sample);
    return { ...toConnection(document), sample: text, fields };
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
      return document && toConnection(document);
    },

    findSampledConnection: async (id) => sampled(await connections.findOne({ _id: id })),

    async findSample(connectionId, version) {
      const sample = await findOneSample(sampleId(connectionId, version));
      return sample && toSample(sample);
    },

    async listConnections({ first, after, search }) {
      const page = await listPage(connections, nameContains(search), first, after);
      return { ...page, nodes: page.nodes.map(toConnection) };
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
      return sampled(document);
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
  { sample, sampleVersion, fields }: Pick<SampledConnection, 'sample' | 'sampleVersion' | 'fields'>,
): SampleDocument {
  return { _id: sampleId(connectionId, sampleVersion), text: sample, fields: stringifyJson(fields) };
}

function toSample({ text, fields }: SampleDocument): SampleVersion {
  return { text, fields: parseJson(fields) as unknown as SourceField[] };
}

function toConnection({ _id: id, name, type, sampleVersion, createdAt, updatedAt }: ConnectionDocument): Connection {
  return { id, name, type, sampleVersion, createdAt, updatedAt };
}
