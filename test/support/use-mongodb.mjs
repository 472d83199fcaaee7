// Whatever Elasticsearch the developer's own environment names, these tests are about rows in MongoDB.
for (const name of Object.keys(process.env)) if (name.startsWith('ELASTICSEARCH_')) delete process.env[name];
