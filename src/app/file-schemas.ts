import { jsonSchemas } from '../campus/json-schemas.ts';
import type { Feature } from '../ports/feature.ts';

/** The JSON Schemas of all files that a person writes, those of features among them, by file name. */
export async function fileSchemas(features: readonly Feature[]): Promise<Record<string, object>> {
  const files = features.flatMap(({ files = [] }) => files);
  return jsonSchemas(
    await Promise.all(files.map(async ({ name, loadSchema }) => ({ name, schema: await loadSchema() }))),
  );
}
