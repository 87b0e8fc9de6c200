import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadedCampus } from '../../campus/load.ts';
import { buildModel, modelsInWaves } from '../../models/build-model.ts';
import { parseModel } from '../../models/load-models.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { checksOfModel } from '../../quality/table-check.ts';
import type { OpenLake } from '../app-lake.ts';
import type { TypedModel } from './typed-model.ts';

/**
 * The models in the order in which they are built, those of features last, with the columns that each gives:
 * built over empty tables, in a folder of their own, so that no lake need be loaded.
 */
export async function typedModels(
  { campus, catalog }: Pick<LoadedCampus, 'campus' | 'catalog'>,
  open: OpenLake,
): Promise<TypedModel[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-dictionary-'));
  try {
    return await open({ campus: { ...campus, lake: folder }, catalog }, {}, async (lake) => {
      const typed: TypedModel[] = [];
      const built: Record<string, TableVersion> = {};
      for (const model of (await modelsInWaves(lake)).flat()) {
        const { version } = await buildModel(lake, { run: 'dictionary', model, built });
        built[version.table] = version;
        const names = version.columns.map((column) => column.name);
        typed.push({ model, columns: version.columns, checks: checksOfModel(model, names) });
      }
      for (const { tables } of lake.features ?? []) {
        for (const { file, text, version } of (await tables?.overNothing(lake, built)) ?? []) {
          const model = await parseModel(file, text);
          const names = version.columns.map(({ name }) => name);
          typed.push({ model, columns: version.columns, checks: checksOfModel(model, names) });
        }
      }
      return typed;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
