import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CampusFile } from './campus-schema.ts';
import type { Finding } from './problem.ts';

/** Databases that the lake, or the engines under it, need for themselves. */
const RESERVED = new Set([
  'campus',
  'ops',
  'raw',
  'staged',
  'curated',
  'main',
  'temp',
  'system',
  'memory',
  'default',
  'public',
  'information_schema',
  'pg_catalog',
]);

/** What no schema can say about `campus.yaml`. `root` is its folder. */
export function checkCampus(campus: CampusFile, root: string): Finding[] {
  const found: Finding[] = [];
  for (const [name, source] of Object.entries(campus.sources)) {
    if (RESERVED.has(name))
      found.push({
        path: ['sources', name],
        on: 'key',
        text: `sources: the name "${name}" is taken by a database of the lake itself, expected another, such as "canvas" or "sis"`,
      });
    if (source.kind === 'postgres' && source.heartbeat && source.replication !== 'full-load-and-cdc')
      found.push({
        path: ['sources', name, 'heartbeat'],
        text: `sources.${name}.heartbeat: nothing waits for a beat, expected it beside replication: full-load-and-cdc`,
      });
    if (source.kind === 'canvas' || source.tableMappings === undefined) continue;
    if (!existsSync(resolve(root, source.tableMappings)))
      found.push({
        path: ['sources', name, 'tableMappings'],
        text: `sources.${name}.tableMappings: there is no file ${source.tableMappings}, expected one relative to campus.yaml; leave the line out to load what the catalog lists`,
      });
  }
  return found;
}
