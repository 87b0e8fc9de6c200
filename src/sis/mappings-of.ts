import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DmsSourceConfig } from '../campus/campus-schema.ts';
import { treatmentOf } from '../campus/treatment.ts';
import type { Json } from '../json.ts';
import type { Lake } from '../step.ts';
import { SisConfigError } from './errors.ts';
import { deriveMappings } from './mapping/derive.ts';

/** The table mappings of a SIS: the file that campus.yaml names, otherwise derived from the catalog. */
export async function mappingsOf(lake: Pick<Lake, 'campus' | 'catalog'>, name: string): Promise<Json> {
  const source = sisSource(lake, name);
  if (source.tableMappings !== undefined) {
    return readMappings(path.resolve(lake.campus.root, source.tableMappings), name);
  }
  const datasets = lake.catalog.of(name);
  if (datasets.length === 0) {
    throw new SisConfigError(`The catalog has no dataset of ${name} to be loaded`, {
      about: name,
      hint: `\`lake discover ${name}\` reads the source and writes its catalog.`,
    });
  }
  return deriveMappings(datasets, (column) => treatmentOf(lake.campus, column));
}

function sisSource({ campus }: Pick<Lake, 'campus'>, name: string): DmsSourceConfig {
  const source = campus.sources[name];
  if (source !== undefined && source.kind !== 'canvas') return source;
  throw new SisConfigError(`There is no SIS named ${name} under sources: in campus.yaml`, { about: name });
}

async function readMappings(file: string, about: string): Promise<Json> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SisConfigError(`The table mappings of ${about} cannot be read from ${file}`, {
      about,
      cause,
      hint: 'Correct tableMappings in campus.yaml, or leave it out to derive them from the catalog.',
    });
  });
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new SisConfigError(`${file} is not JSON: ${(cause as Error).message}`, { about, cause });
  }
}
