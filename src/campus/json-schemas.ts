import { z } from 'zod';
import { accessSchema } from './access-schema.ts';
import { campusSchema } from './campus-schema.ts';
import { catalogFileSchema } from './catalog-schema.ts';

/** A file that a feature adds to a campus. */
export interface AddedFile {
  /** Beside campus.yaml: `reminders.yaml` */
  readonly name: string;
  readonly schema: z.ZodType;
}

/**
 * The JSON Schemas by which an editor completes and checks campus.yaml, the catalog, access.yaml and the files of
 * features, by file name.
 */
export function jsonSchemas(added: readonly AddedFile[] = []): Record<string, object> {
  return {
    'campus.schema.json': describe('campus.yaml of campus-lake', campusSchema),
    'catalog.schema.json': describe('A catalog file of campus-lake', catalogFileSchema),
    'access.schema.json': describe('access.yaml of campus-lake', accessSchema),
    ...Object.fromEntries(
      added.map(({ name, schema }) => [
        name.replace(/yaml$/, 'schema.json'),
        describe(`${name} of campus-lake`, schema),
      ]),
    ),
  };
}

/** The text of a schema file, as it is kept in `schemas/`. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function describe(title: string, schema: z.ZodType): object {
  const json = z.toJSONSchema(schema, {
    io: 'input', // what a person writes: what has a default may be left out
    target: 'draft-7', // what the YAML language server understands best
    unrepresentable: 'any', // the lake's types say themselves what they are, see catalog-schema.ts
    reused: 'inline',
  });
  return { title, ...json };
}
