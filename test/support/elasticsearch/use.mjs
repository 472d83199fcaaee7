// Services that tests start put their rows into the run's Elasticsearch.
process.env.ELASTICSEARCH_URL = process.env.SLUICE_TEST_ELASTICSEARCH_URL;
