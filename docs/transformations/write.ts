import { readFile, writeFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { FAMILIES } from './families.js';
import { GEOLOCATIONS } from './geolocations.js';
import { transformationsPage } from './page.js';

/** Writes the page about transformations to the file named on the command line. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write the page to');
const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'));
await writeFile(file, transformationsPage(schema, FAMILIES, GEOLOCATIONS));
