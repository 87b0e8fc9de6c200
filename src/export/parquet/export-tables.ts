import { createHash } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { authorize } from '../../access/authorize.ts';
import type { Reader } from '../../ports/query-engine.ts';
import type { Grant } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports/tables.ts';
import { ExportError } from '../errors.ts';

/** The name by which other programs read: a link to the folder of the newest export. */
export const CURRENT = 'current';
const LIST = 'tables.json';
const UNFINISHED = '.unfinished';

const listSchema = z.object({
  publication: z.string(),
  tables: z.record(
    z.string(),
    z.object({ file: z.string(), rows: z.number(), columns: z.array(z.unknown()), version: z.string() }),
  ),
});

/** What lies in the folder of one export, as its `tables.json` says it. */
interface ExportedTables {
  readonly publication: string;
  readonly tables: Readonly<
    Record<string, { file: string; rows: number; columns: readonly TableColumn[]; version: string }>
  >;
}

/** What an export needs of a lake. */
export interface Exported extends Uses<'session' | 'access'> {
  readonly platform: { readonly engine: Pick<Reader, 'exportParquet'> };
}

/**
 * Writes every table that the lake's session may export as one Parquet file with exactly its rows and columns, for programs that read files:
 * `<folder>/current/<database>/<table>.parquet`. All files of a publication are written into a folder of their own,
 * then `current` is turned to it in one rename, so what is opened under `current` is never part of two publications.
 * The export before stays until the next one, for those who still read it. Tables that have not changed since are
 * linked, not written again.
 *
 * @returns the folder of this export, and how many tables were written
 * @throws ExportError where the folder holds other things
 */
export async function exportTables(
  lake: Exported,
  publication: { readonly id: string; readonly tables: TableSet },
  folder: string,
): Promise<{ folder: string; written: number; linked: number }> {
  const granted = await authorize(lake, 'export', publication.tables);
  const before = await refuseStrangers(folder);
  const current = await readlink(join(folder, CURRENT)).catch(() => undefined);
  const known = current === undefined ? undefined : await readList(join(folder, current));
  const name = `${publication.id}-${digestOf(Date.now()).slice(0, 6)}`;
  const draft = join(folder, `${name}${UNFINISHED}`);
  const tables: Record<string, ExportedTables['tables'][string]> = {};
  let written = 0;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  for (const version of Object.values(granted.tables)) {
    const file = fileOf(version);
    const digest = digestOf([version.columns, version.storage]);
    await mkdir(join(draft, file, '..'), { recursive: true, mode: 0o700 });
    const same = known?.tables[version.table];
    const isLinked =
      same?.version === digest &&
      (await link(join(folder, current!, same.file), join(draft, file)).then(
        () => true,
        () => false,
      ));
    if (!isLinked) {
      await write(lake.platform.engine, version, granted, join(draft, file));
      written += 1;
    }
    tables[version.table] = { file, rows: version.rows, columns: version.columns, version: digest };
  }
  const list: ExportedTables = { publication: publication.id, tables };
  await writeFile(join(draft, LIST), `${JSON.stringify(list, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(folder, name));
  await turn(folder, name);
  for (const old of before)
    if (old !== current) await rm(join(folder, old), { recursive: true, force: true });
  return { folder: join(folder, name), written, linked: Object.keys(tables).length - written };
}

const fileOf = ({ table }: TableVersion): string => {
  const dot = table.indexOf('.');
  return join(table.slice(0, dot), `${table.slice(dot + 1)}.parquet`);
};

async function write(
  engine: Pick<Reader, 'exportParquet'>,
  { table, columns }: TableVersion,
  from: Grant,
  path: string,
): Promise<void> {
  const quoted = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const [database, name] = [table.slice(0, table.indexOf('.')), table.slice(table.indexOf('.') + 1)];
  await engine.exportParquet(`SELECT ${quoted} FROM "${database}"."${name}"`, from, path);
  await chmod(path, 0o600);
}

/** Turns `current` to the new folder: a link is renamed over the old one, which is one step. */
async function turn(folder: string, name: string): Promise<void> {
  const next = join(folder, `${CURRENT}${UNFINISHED}`);
  await rm(next, { force: true });
  await symlink(name, next);
  await rename(next, join(folder, CURRENT));
}

/** The folders of earlier exports, unfinished ones too. @throws ExportError where something else is there */
async function refuseStrangers(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ours: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isSymbolicLink() && entry.name.startsWith(CURRENT)) continue;
    const isOurs =
      entry.isDirectory() && (entry.name.endsWith(UNFINISHED) || (await readList(join(folder, entry.name))));
    if (!isOurs) {
      throw new ExportError(
        `The folder ${folder} holds other things (${entry.name}), and nothing was written.`,
        {
          about: folder,
          hint: 'name an empty folder, or one that does not exist yet, with --out',
        },
      );
    }
    ours.push(entry.name);
  }
  return ours;
}

async function readList(folder: string): Promise<ExportedTables | undefined> {
  const text = await readFile(join(folder, LIST), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return listSchema.parse(JSON.parse(text)) as ExportedTables;
  } catch {
    return undefined;
  }
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
