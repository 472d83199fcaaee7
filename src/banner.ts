import { relative } from 'node:path';
import { keyFilePath } from './adapters/key-file.js';
import type { App } from './app.js';
import type { Config } from './config.js';

/** What the service prints once it is ready: its addresses, the key, messages for the operator, and a first command. */
export function banner(app: App, config: Config, warnings: readonly string[]): string {
  const lines = [
    '',
    `Sluice is ready at ${app.url}`,
    `  GraphQL and websocket  ${app.url}/graphql`,
    `  REST                   ${app.url}/dataload`,
    ...placeLines(app),
    ...[...app.notices, ...warnings].map((notice) => `  Note: ${notice}`),
    '',
    ...keyLines(app, config),
    '',
    'Create a dataset from a sample; this prints the command that pushes to it:',
    '',
    firstCommand(app.url),
    '',
    'Ctrl-C stops everything.',
    '',
  ];
  return lines.join('\n');
}

function placeLines({ databaseSource, recordStoreSource }: App): string[] {
  if (recordStoreSource === null) return [`  Rows and push log in   ${databaseSource}`];
  return [`  Push log in            ${databaseSource}`, `  Rows in                ${recordStoreSource}`];
}

function keyLines({ firstKey }: App, config: Config): string[] {
  const path = relative(process.cwd(), keyFilePath(config.dataDir));
  if (firstKey === null) return ['API keys exist; npm run key makes another one.', '  export API_KEY=...'];
  if (config.apiKey !== undefined)
    return ['The API key is the one in SLUICE_API_KEY:', '  export API_KEY="$SLUICE_API_KEY"'];
  if (!firstKey.isNew) return [`The API key is in ${path}:`, `  export API_KEY="$(cat '${path}')"`];
  return [`The API key, shown this once and kept in ${path}:`, `  export API_KEY=${firstKey.secret}`];
}

const SAMPLE = { name: 'Ada', born: '1815-12-10', address: { city: 'London' }, tags: ['math'] };

function firstCommand(url: string): string {
  const query =
    'mutation ($sample: JSON!) { createDataset(input: {name: "people", sample: $sample, apply: true}) { pushInstructions { postData } } }';
  const read = 'JSON.parse(require("fs").readFileSync(0)).data.createDataset.pushInstructions.postData';
  return [
    `curl -s ${url}/graphql -H "x-api-key: $API_KEY" -H 'content-type: application/json' \\`,
    `  --data '${JSON.stringify({ query, variables: { sample: SAMPLE } })}' \\`,
    `  | node -p '${read}'`,
  ].join('\n');
}
