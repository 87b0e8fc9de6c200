import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { CampusFile } from './campus-schema.ts';
import type { Finding } from './problem.ts';
import { recoveryName } from './recovery-environment.ts';
import { isSis } from './source-role.ts';

/** Databases that the lake, or the engines under it, need for themselves. */
const RESERVED = new Set([
  'campus',
  'ops',
  'raw',
  'staged',
  'unrestricted',
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
  const found: Finding[] = [...checkFolders(campus, root), ...checkPorts(campus), ...checkRecovery(campus)];
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
    if (!isSis(source) || source.tableMappings === undefined) continue;
    if (!existsSync(resolve(root, source.tableMappings)))
      found.push({
        path: ['sources', name, 'tableMappings'],
        text: `sources.${name}.tableMappings: there is no file ${source.tableMappings}, expected one relative to campus.yaml; leave the line out to load what the catalog lists`,
      });
  }
  if (campus.aws?.replication?.followMinutes !== undefined && !Object.values(campus.sources).some(flows))
    found.push({
      path: ['aws', 'replication', 'followMinutes'],
      text: 'aws.replication.followMinutes: no source has changes to follow, expected it beside a SIS with replication: full-load-and-cdc',
    });
  return found;
}

const flows = (source: CampusFile['sources'][string]): boolean =>
  isSis(source) && source.replication === 'full-load-and-cdc';

const FOLDERS = ['lake', 'catalog', 'models'] as const;

/** The lake is written, swept and deleted: its folder must be its own, and a real one. */
function checkFolders(campus: CampusFile, root: string): Finding[] {
  const found: Finding[] = [];
  for (const field of FOLDERS) {
    const folder = campus[field];
    if (/^~|^\w+:\/\//.test(folder))
      found.push({
        path: [field],
        text: `${field}: found "${folder}", expected a folder of this machine, absolute or relative to this file`,
      });
  }
  const lake = resolve(root, campus.lake);
  if (isWithin(root, lake))
    found.push({
      path: ['lake'],
      text: `lake: found "${campus.lake}", the folder of campus.yaml or one above it; expected a folder of its own, such as .lake`,
    });
  for (const field of ['catalog', 'models'] as const) {
    const other = resolve(root, campus[field]);
    if (!isWithin(root, lake) && (isWithin(other, lake) || isWithin(lake, other)))
      found.push({
        path: ['lake'],
        text: `lake: found "${campus.lake}", which shares its folder with ${field} (${campus[field]}); expected a folder of its own, such as .lake`,
      });
  }
  return found;
}

/** Whether a path is a folder, or lies below it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;

/** Two servers of one machine cannot have one port. */
function checkPorts({ sources, warehouse }: CampusFile): Finding[] {
  return Object.entries(sources).flatMap(([name, source]) =>
    isSis(source) && LOOPBACK.test(source.host) && source.port === warehouse.port
      ? [
          {
            path: ['warehouse', 'port'],
            text: `warehouse.port: ${warehouse.port} is the port of sources.${name} on this machine, expected another`,
          },
        ]
      : [],
  );
}

/** What a second Region needs to know of the first. */
function checkRecovery({ aws }: CampusFile): Finding[] {
  if (!aws?.recovery) return [];
  const { recovery, region, name } = aws;
  const found: Finding[] = [];
  if (region === undefined || region === recovery.region)
    found.push({
      path: ['aws', 'recovery', 'region'],
      text: `aws.recovery.region: ${region === undefined ? 'aws.region is not given' : `it is the Region of the lake itself, ${region}`}, expected both, and two`,
    });
  const other = recoveryName(name, recovery);
  if (other.length > 20 || other === name)
    found.push({
      path: ['aws', 'recovery'],
      on: 'key',
      text: `aws.recovery: the lake there would be called "${other}", expected aws.recovery.name, another name of 20 characters at most`,
    });
  if (aws.kmsKey !== undefined && recovery.kmsKey === undefined)
    found.push({
      path: ['aws', 'recovery'],
      on: 'key',
      text: 'aws.recovery: the lake has a key of its own (aws.kmsKey), expected aws.recovery.kmsKey, one of the other Region',
    });
  return found;
}
