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
import { mongoPushLog } from './adapters/mongodb/push-log.js';
import { mongoPushUrls } from './adapters/mongodb/push-urls.js';
import { mongoQuarantine } from './adapters/mongodb/quarantine.js';
import { mongoRefusalLog } from './adapters/mongodb/refusal-log.js';
import { mongoTerminations } from './adapters/mongodb/terminations.js';
import { systemClock } from './adapters/system-clock.js';
import type { Config } from './config.js';
import type { Database } from './database.js';
import type { OpenRecordStore } from './open-record-store.js';
import type { AddressSource } from './ports/address-source.js';

/** The ports of the use cases behind which is what the service stores, and what it finds out from outside. */
export function storedPorts({ client, db, storage }: Database, { records }: OpenRecordStore, config: Config) {
  const collections = collectionsOf(db);
  const catalog = { ...mongoConnections(client, collections), ...mongoDatasets(client, collections) };
  return {
    catalog,
    records,
    generations: mongoGenerations(collections),
    lookups: storedLookups({ catalog, records }),
    geocoder: offlineGeocoder(config.postalCodesFile),
    addresses: addressSource(config, collections),
    pushLog: mongoPushLog(collections),
    terminations: mongoTerminations(client, collections),
    quarantine: mongoQuarantine(collections),
    apiKeys: mongoApiKeys(collections),
    pushUrls: mongoPushUrls(collections),
    auditLog: mongoAuditLog(collections),
    refusals: mongoRefusalLog(collections),
    storage,
  };
}

/** The geocoder that the operator has named; null if addresses are placed offline. */
function addressSource({ geocoder }: Config, collections: Collections): AddressSource | null {
  return geocoder ? httpGeocoder(geocoder, mongoAddressCache(collections, systemClock)) : null;
}
