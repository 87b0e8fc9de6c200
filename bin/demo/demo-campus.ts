import { join, resolve } from 'node:path';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { lakePlaces } from '../../src/platform/local/places.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The project's own campus. @param lake where its lake is put. Default: where its file says */
export async function demoCampus(lake: string | undefined): Promise<LoadedCampus> {
  const loaded = await loadCampus(join(ROOT, 'campus.yaml'));
  return lake ? { ...loaded, campus: { ...loaded.campus, lake: resolve(lake) } } : loaded;
}

export const rootOf = ({ campus }: LoadedCampus): string => lakePlaces(campus).root;
