import type { MongoClient } from 'mongodb';
import { httpGeocoder } from './adapters/geocoding/http-geocoder.js';
import { offlineGeocoder } from './adapters/geocoding/offline-geocoder.js';
import { storedLookups } from './adapters/lookups/stored-lookups.js';
import { mongoAddressCache } from './adapters/mongodb/address-cache.js';
import { mongoApiKeys } from './adapters/mongodb/api-keys.js';
import { mongoAuditLog } from './adapters/mongodb/audit-log.js';
import { type Collections, collectionsOf } from './adapters/mongodb/collections.js';
import { mongoConnections } from './adapters/mongodb/connections.js';
import { mongoDatasets } from './adapters/mongodb/datasets.js';
import { mongoGenerations } from './adapters/mongodb/generations.js';
import { mongoJobLedger } from './adapters/mongodb/job-ledger.js';
import { KeptDesigns } from './adapters/mongodb/kept-designs.js';
import { mongoPushLog } from './adapters/mongodb/push-log.js';
import { mongoPushUrls } from './adapters/mongodb/push-urls.js';
import { mongoQuarantine } from './adapters/mongodb/quarantine.js';
import { RecentPayloads } from './adapters/mongodb/recent-payloads.js';
import { mongoRefusalLog } from './adapters/mongodb/refusal-log.js';
import { mongoTerminations } from './adapters/mongodb/terminations.js';
import { mongoWorkers } from './adapters/mongodb/workers.js';
import { systemClock } from './adapters/system-clock.js';
import type { Config } from './config.js';
import type { Database } from './database.js';
import type { OpenRecordStore } from './open-record-store.js';
import type { AddressSource } from './ports/address-source.js';
import type { Catalog } from './ports/catalog.js';
import type { Workers } from './ports/workers.js';

/** The ports of the use cases behind which is what the service finds out: from rows of other datasets, and from outside. */
export function sourcePorts({ db, storage }: Database, { records }: OpenRecordStore, config: Config, catalog: Catalog) {
  return {
    records,
    lookups: storedLookups({ catalog, records }),
    geocoder: offlineGeocoder(config.postalCodesFile),
    addresses: addressSource(config, collectionsOf(db)),
    storage,
  };
}

/** What a process keeps in memory of its database, once for all ports: the small payloads that it has accepted, and designs. */
export class KeptInMemory {
  readonly payloads = new RecentPayloads();
  readonly designs = new KeptDesigns();
}

/** The ports of the use cases behind which is the database: with the collections for clients, or as they are for what the service does by itself. */
export function databasePorts(
  client: MongoClient,
  collections: Collections,
  kept: KeptInMemory,
  workers: Workers = mongoWorkers(collections),
) {
  return {
    catalog: { ...mongoConnections(client, collections), ...mongoDatasets(client, collections, kept.designs) },
    generations: mongoGenerations(collections),
    ledger: mongoJobLedger(collections, workers),
    pushLog: mongoPushLog(collections, kept.payloads),
    terminations: mongoTerminations(client, collections),
    quarantine: mongoQuarantine(collections),
    apiKeys: mongoApiKeys(collections),
    pushUrls: mongoPushUrls(collections),
    auditLog: mongoAuditLog(collections),
    refusals: mongoRefusalLog(collections),
  };
}

/** The geocoder that the operator has named; null if addresses are placed offline. */
function addressSource({ geocoder }: Config, collections: Collections): AddressSource | null {
  return geocoder ? httpGeocoder(geocoder, mongoAddressCache(collections, systemClock)) : null;
}
