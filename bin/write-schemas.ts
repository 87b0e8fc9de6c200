import { mkdir, writeFile } from 'node:fs/promises';
import { fileSchemas } from '../src/app/file-schemas.ts';
import { schemaText } from '../src/campus/json-schemas.ts';
import { FEATURES } from '../src/features.ts';

/** Writes `schemas/*.json` again; a test fails while they are not current. */
const folder = new URL('../schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(await fileSchemas(FEATURES))) {
  await writeFile(new URL(name, folder), schemaText(schema));
  console.log(`schemas/${name}`);
}
