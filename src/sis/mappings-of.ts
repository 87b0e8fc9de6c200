import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CatalogDataset } from '../campus/campus.ts';
import type { DmsSourceConfig } from '../campus/campus-schema.ts';
import type { CatalogColumn } from '../campus/catalog-schema.ts';
import { isSis } from '../campus/source-role.ts';
import { treatmentOf } from '../campus/treatment.ts';
import type { Json } from '../json.ts';
import type { ChangesRequest, ReplicationRequest } from '../ports/replication.ts';
import type { Uses } from '../ports/step.ts';
import { capturesChanges, feedsOf, tableOf } from './capture.ts';
import { SisConfigError } from './errors.ts';
import { deriveMappings } from './mapping/derive.ts';
import { changesPrefix } from './raw-layout.ts';

/**
 * What of a SIS is to be copied whole, and of what the changes are to flow: by the file that campus.yaml names, otherwise
 * as the catalog has it. Changes are merged by key, so a table without one is copied whole in every run.
 */
export async function tablesWanted(
  lake: Uses<'campus' | 'catalog' | 'ledger'>,
  name: string,
): Promise<Pick<ReplicationRequest, 'mappings' | 'changes'>> {
  const { campus, catalog } = lake;
  const source = sisSource(lake, name);
  const datasets = catalog.of(name);
  const captured = capturesChanges(source) ? datasets.filter(isFollowed) : [];
  const changes = async (mappings: Json): Promise<ChangesRequest> => ({
    mappings,
    prefix: changesPrefix(name),
    feeds: await feedsOf({ campus, ledger: lake.platform.ledger }, captured),
    keys: Object.fromEntries(captured.map((dataset) => [tableOf(dataset), keyAtSource(dataset)])),
  });
  if (source.tableMappings !== undefined) {
    const mappings = await readMappings(path.resolve(campus.root, source.tableMappings), name);
    return capturesChanges(source) ? { changes: await changes(mappings) } : { mappings };
  }
  if (datasets.length === 0) {
    throw new SisConfigError(`The catalog has no dataset of ${name} to be loaded`, {
      about: name,
      hint: `\`lake discover ${name}\` reads the source and writes its catalog.`,
    });
  }
  const treatment = (column: CatalogColumn) => treatmentOf(campus, column);
  const whole = datasets.filter((dataset) => !captured.includes(dataset));
  return {
    ...(whole.length > 0 ? { mappings: deriveMappings(whole, treatment) } : {}),
    ...(captured.length > 0
      ? { changes: await changes(deriveMappings(captured, treatment, { tableByTable: true })) }
      : {}),
  };
}

const keyAtSource = ({ key, columns }: CatalogDataset) =>
  key.map((name) => columns.find((column) => column.name === name)?.source ?? name);

/** Changes are merged by key, and a view has none of its own: the others are copied whole in each run. */
const isFollowed = ({ key, kind }: CatalogDataset) => key.length > 0 && kind !== 'view';

function sisSource({ campus }: Uses<'campus'>, name: string): DmsSourceConfig {
  const source = campus.sources[name];
  if (isSis(source)) return source;
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
