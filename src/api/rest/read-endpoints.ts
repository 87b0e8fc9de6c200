import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { METADATA_FOLDER } from '../metadata/read.ts';
import { METHODS, type RestEndpoint, toEndpoint, together } from './endpoint.ts';

/** The folder of saved queries, beside campus.yaml. */
const REST_FOLDER = 'rest';

const collectionsSchema = z.array(
  z.object({
    name: z.string(),
    definition: z.object({ queries: z.array(z.object({ name: z.string(), query: z.string() })).default([]) }),
  }),
);
const endpointsSchema = z.array(
  z.object({
    name: z.string(),
    url: z.string(),
    methods: z.array(z.string()).default(['GET']),
    comment: z.string().nullish(),
    definition: z.object({ query: z.object({ collection_name: z.string(), query_name: z.string() }) }),
  }),
);

/**
 * Reads the saved queries of a campus: `rest/*.graphql`, and of Hasura's metadata `rest_endpoints.yaml` with
 * `query_collections.yaml`.
 * @param root folder of campus.yaml
 * @throws InputError naming the file, for one that cannot be read, and for two with one address
 */
export async function readEndpoints(root: string): Promise<RestEndpoint[]> {
  return together([...(await ownEndpoints(root)), ...(await hasuraEndpoints(root))]);
}

/** Lines at the top of a file that say more than its name: `# url: programs/:program`. */
const HEADER = /^#\s*(url|methods|description):\s*(.+?)\s*$/;

async function ownEndpoints(root: string): Promise<RestEndpoint[]> {
  const files = (await readdir(join(root, REST_FOLDER)).catch(() => []))
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const query = await readFile(join(root, REST_FOLDER, file), 'utf8');
      const said = new Map<string, string>();
      for (const line of query.split('\n')) {
        if (line.trim() !== '' && !line.startsWith('#')) break;
        const [, key, value] = HEADER.exec(line) ?? [];
        if (key !== undefined) said.set(key, value!);
      }
      const name = basename(file, '.graphql');
      const description = said.get('description');
      return toEndpoint({
        name,
        url: said.get('url') ?? name,
        methods:
          said
            .get('methods')
            ?.toUpperCase()
            .split(/[\s,]+/) ?? METHODS,
        ...(description === undefined ? {} : { description }),
        query,
        about: `${REST_FOLDER}/${file}`,
      });
    }),
  );
}

async function hasuraEndpoints(root: string): Promise<RestEndpoint[]> {
  const endpoints = await readYaml(root, 'rest_endpoints.yaml', endpointsSchema);
  if (endpoints.length === 0) return [];
  const collections = await readYaml(root, 'query_collections.yaml', collectionsSchema);
  return endpoints.map(({ name, url, methods, comment, definition: { query } }) => {
    const about = `${METADATA_FOLDER}/rest_endpoints.yaml, ${name}`;
    const found = collections
      .find((one) => one.name === query.collection_name)
      ?.definition.queries.find((one) => one.name === query.query_name);
    if (!found)
      throw new InputError(`${about}: there is no query ${query.collection_name} > ${query.query_name}.`, {
        about,
      });
    return toEndpoint({
      name,
      url,
      methods,
      ...(comment ? { description: comment } : {}),
      query: found.query,
      about,
    });
  });
}

async function readYaml<T extends unknown[]>(root: string, file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(join(root, METADATA_FOLDER, file), 'utf8').catch(() => undefined);
  try {
    return schema.parse(text === undefined ? [] : (parse(text) ?? []));
  } catch (error) {
    const about = `${METADATA_FOLDER}/${file}`;
    throw new InputError(`${about} is not Hasura's metadata.`, { cause: error, about });
  }
}
