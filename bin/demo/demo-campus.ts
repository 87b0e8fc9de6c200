import { join, resolve } from 'node:path';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The project's own campus. @param lake where its lake is put. Default: where its file says */
export async function demoCampus(lake: string | undefined): Promise<LoadedCampus> {
  const loaded = await loadCampus(join(ROOT, 'campus.yaml'));
  return lake ? { ...loaded, campus: { ...loaded.campus, lake: resolve(lake) } } : loaded;
}

export const rootOf = ({ campus }: LoadedCampus): string => lakeFolders(campus).root;
