import { mkdir, writeFile } from 'node:fs/promises';
import { jsonSchemas, schemaText } from '../src/campus/json-schemas.ts';

/** Writes `schemas/*.json` again; a test fails while they are not current. */
const folder = new URL('../schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  await writeFile(new URL(name, folder), schemaText(schema));
  console.log(`schemas/${name}`);
}
