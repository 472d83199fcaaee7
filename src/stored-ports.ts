import { httpGeocoder } from './adapters/geocoding/http-geocoder.js';
import { offlineGeocoder } from './adapters/geocoding/offline-geocoder.js';
import { RequestRate } from './adapters/geocoding/request-rate.js';
import { storedLookups } from './adapters/lookups/stored-lookups.js';
import { mongoAddressCache } from './adapters/mongodb/address-cache.js';
import { mongoApiKeys } from './adapters/mongodb/api-keys.js';
import { mongoAuditLog } from './adapters/mongodb/audit-log.js';
import { forClients } from './adapters/mongodb/client-queries.js';
import type { Collections } from './adapters/mongodb/collections.js';
import { mongoConnections } from './adapters/mongodb/connections.js';
import { mongoDatasets } from './adapters/mongodb/datasets.js';
import { mongoGenerations } from './adapters/mongodb/generations.js';
import { mongoJobLedger } from './adapters/mongodb/job-ledger.js';
import { KeptDesigns } from './adapters/mongodb/kept-designs.js';
import { mongoLanes } from './adapters/mongodb/lanes.js';
import { mongoPushLog } from './adapters/mongodb/push-log.js';
import { mongoPushUrls } from './adapters/mongodb/push-urls.js';
import { mongoQuarantine } from './adapters/mongodb/quarantine.js';
import { RecentEnds } from './adapters/mongodb/recent-ends.js';
import { RecentJobs } from './adapters/mongodb/recent-jobs.js';
import { RecentPayloads } from './adapters/mongodb/recent-payloads.js';
import { mongoRefusalLog } from './adapters/mongodb/refusal-log.js';
import { mongoSmallGroups } from './adapters/mongodb/small-groups.js';
import { mongoTerminations } from './adapters/mongodb/terminations.js';
import { mongoWorkers } from './adapters/mongodb/workers.js';
import { systemClock } from './adapters/system-clock.js';
import type { Config } from './config.js';
import type { Database } from './database.js';
import type { OpenRecordStore } from './open-record-store.js';
import type { AddressSource } from './ports/address-source.js';
import type { LookedUpRows } from './ports/record-store.js';

/**
 * The ports of the use cases behind which is the database, and what the service finds out from rows of other datasets and from outside. Twice: as they are for what the service does
 * by itself, and for clients, each of whose reads MongoDB ends after a time. Both share what a process has once: what it keeps in memory, and the rate at which it asks geocoders.
 */
export function storedPorts(database: Database, store: OpenRecordStore, config: Config, collections: Collections) {
  const { client, storage } = database;
  // Others load what an API process accepts.
  const loads = config.role !== 'api';
  const recent = loads ? new RecentPayloads() : new RecentPayloads({ small: 0, large: 0 });
  const recentJobs = loads ? new RecentJobs() : new RecentJobs(0);
  const recentEnds = new RecentEnds();
  const designs = new KeptDesigns();
  const shared = { records: store.records, geocoder: offlineGeocoder(config.postalCodesFile), storage };
  const addressesIn = addressSources(config);
  const smallGroups =
    store.source === null
      ? mongoSmallGroups(client, database.db, collections, storage, { recentJobs, recentEnds })
      : null;

  function portsFor(read: Collections, rows: LookedUpRows) {
    const catalog = { ...mongoConnections(client, read), ...mongoDatasets(client, read, designs) };
    const workers = mongoWorkers(read);
    return {
      ...shared,
      smallGroups,
      lanes: mongoLanes(client, read, recentJobs),
      catalog,
      lookups: storedLookups({ catalog, records: rows }),
      addresses: addressesIn(read),
      workers,
      generations: mongoGenerations(read),
      ledger: mongoJobLedger(read, workers, recentEnds),
      pushLog: mongoPushLog(read, recent, recentJobs),
      terminations: mongoTerminations(client, read),
      quarantine: mongoQuarantine(read),
      apiKeys: mongoApiKeys(read),
      pushUrls: mongoPushUrls(read),
      auditLog: mongoAuditLog(read),
      refusals: mongoRefusalLog(read),
    };
  }

  return {
    forService: portsFor(collections, store.records),
    forClients: portsFor(forClients(collections), store.rowsForClients),
  };
}

/** The geocoder that the operator has named, with the cache in these collections; null if addresses are placed offline. */
function addressSources({ geocoder }: Config): (collections: Collections) => AddressSource | null {
  if (!geocoder) return () => null;
  const requests = new RequestRate(geocoder.rate);
  return (collections) => httpGeocoder(geocoder, mongoAddressCache(collections, systemClock), requests);
}
