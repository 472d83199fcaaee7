import { writeFile } from 'node:fs/promises';
import { printSchema } from 'graphql';
import { createSchema } from './schema.js';

/** Writes the schema to the file named on the command line. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file to write the schema to');
await writeFile(file, `${printSchema(await createSchema())}\n`);
