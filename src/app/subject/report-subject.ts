import { recordAccess } from '../../access/log/record-access.ts';
import { queryTables } from '../../access/query.ts';
import { type Closure, closureOf, stagedVersions, whereOf } from '../../erasure/closure.ts';
import { curatedWhere } from '../../erasure/curated.ts';
import { escaped, table as htmlTable, page } from '../../erasure/html.ts';
import { linksOf, PERSON } from '../../erasure/links.ts';
import { matchesInRaw } from '../../erasure/raw-files.ts';
import { rawLoadsOf } from '../../erasure/raw-loads.ts';
import type { Json } from '../../json.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { Lake } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { treatmentOf } from '../../privacy/treatment.ts';
import { namesOf, onlyAdministrator } from './subject-lake.ts';

/** A column in the words of the dictionary. */
export interface ReportedColumn {
  readonly name: string;
  readonly type: string;
  readonly privacy?: string;
  readonly description?: string;
}

/** A person's rows in one table. */
export interface ReportedTable {
  readonly zone: 'staged' | 'curated';
  readonly table: string;
  readonly description?: string;
  readonly owner?: string;
  readonly columns: readonly ReportedColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns of the source that are not in the lake's tables. */
  readonly leftBehind?: readonly string[];
}

/** All that the lake holds of one person, for an inspection of the education record (34 CFR 99.10). */
export interface SubjectReport {
  readonly campus: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** By which numbers the person is known. */
  readonly numbers: readonly { readonly what: string; readonly values: readonly string[] }[];
  readonly tables: readonly ReportedTable[];
  /** What features keep of the person besides their tables. */
  readonly records: readonly { readonly feature: string; readonly record: Json }[];
  /**
   * Records as the sources delivered them, counted: their files hold columns that stayed behind, too. Absent in a target
   * that cannot search single files.
   */
  readonly raw?: readonly { readonly table: string; readonly files: number; readonly records: number }[];
}

/**
 * Gathers what the lake holds of one person through every number by which they are known, and puts on record that it
 * was given out.
 * @param student a number of the SIS, or `canvas:` and the number of a user
 * @param destination where it is written. Default: to whoever asks
 * @throws SubjectError where nothing is about such a person
 */
export async function reportSubject(
  lake: Lake,
  student: string,
  destination?: string,
): Promise<SubjectReport> {
  onlyAdministrator(lake);
  const closure = await closureOf(lake, student);
  const report: SubjectReport = {
    campus: lake.campus.name,
    at: new Date(lake.platform.clock.now()).toISOString(),
    numbers: numbersOf(lake, closure),
    tables: [...(await inSources(lake, closure)), ...(await inModels(lake, closure))],
    records: await inFeatures(lake, closure),
    ...(lake.platform.eraser ? { raw: await inRaw(lake, closure) } : {}),
  };
  await recordAccess(lake, {
    channel: 'subject report',
    outcome: 'answered',
    reads: new Map(report.tables.map(({ table, columns }) => [table, columns.map(({ name }) => name)])),
    rows: report.tables.reduce((sum, { rows }) => sum + rows.length, 0),
    named: namesOf(student, closure),
    ...(destination === undefined ? {} : { destination }),
  });
  return report;
}

/** Numbers of people; the keys of their rows stand in the rows. */
function numbersOf({ catalog }: Lake, closure: Closure): SubjectReport['numbers'] {
  const users = new Set(
    catalog.datasets.filter(({ id, source }) => id === `${source}.users`).map(({ id }) => `row:${id}`),
  );
  return closure
    .kinds()
    .filter((kind) => kind === PERSON || users.has(kind))
    .map((kind) => ({
      what:
        kind === PERSON
          ? 'numbers in the student information system'
          : `users in ${kind.slice('row:'.length)}`,
      values: closure.texts(kind),
    }));
}

async function inSources(lake: Lake, closure: Closure): Promise<ReportedTable[]> {
  const versions = await stagedVersions(lake);
  const found: ReportedTable[] = [];
  for (const links of linksOf(lake)) {
    const { dataset } = links;
    const version = versions[dataset.id];
    const where = version && whereOf(version, links, closure);
    const rows = where ? await rowsOf(lake, version, where) : [];
    if (!version || rows.length === 0) continue;
    const described = new Map(dataset.columns.map((column) => [column.name, column]));
    const leftBehind = dataset.columns.filter((column) => treatmentOf(lake.campus, column) === 'exclude');
    found.push({
      zone: 'staged',
      table: dataset.id,
      description: dataset.description,
      owner: dataset.owner,
      columns: version.columns.map(({ name, type }) => ({
        name,
        type,
        privacy: described.get(name)?.privacy,
        description: described.get(name)?.description,
      })),
      rows,
      ...(leftBehind.length > 0 ? { leftBehind: leftBehind.map(({ name }) => name) } : {}),
    });
  }
  return found;
}

async function inModels(lake: Lake, closure: Closure): Promise<ReportedTable[]> {
  const publication = await readPublication(lake.platform);
  const sources = new Set(lake.catalog.datasets.map(({ id }) => id));
  const found: ReportedTable[] = [];
  for (const version of Object.values(publication?.tables ?? {})) {
    const where = sources.has(version.table) ? undefined : curatedWhere(lake, version, closure);
    const rows = where ? await rowsOf(lake, version, where) : [];
    if (rows.length === 0) continue;
    const header = publication!.facts[version.table]?.header;
    const described = new Map(header?.columns.map((column) => [column.name, column]));
    found.push({
      zone: 'curated',
      table: version.table,
      description: header?.description,
      owner: header?.owner,
      columns: version.columns.map(({ name, type }) => ({
        name,
        type,
        privacy: described.get(name)?.privacy,
        description: described.get(name)?.description,
      })),
      rows,
    });
  }
  return found;
}

async function rowsOf(lake: Lake, version: TableVersion, where: string): Promise<Cell[][]> {
  const columns = version.columns.map(({ name }) => `"${name}"`).join(', ');
  const sql = `SELECT ${columns} FROM ${version.table} WHERE ${where} ORDER BY 1`;
  const result = await queryTables(lake, sql, { [version.table]: version }, { isOwn: true });
  const rows: Cell[][] = [];
  for await (const batch of result.batches()) rows.push(...batch);
  return rows;
}

async function inFeatures(
  { features = [], platform }: Lake,
  closure: Closure,
): Promise<SubjectReport['records']> {
  const found: { feature: string; record: Json }[] = [];
  for (const { name, people } of features) {
    const records = await (await people?.load())?.find(platform.objects, (number) =>
      closure.has(PERSON, number),
    );
    for (const record of records ?? []) found.push({ feature: name, record });
  }
  return found;
}

async function inRaw(lake: Lake, closure: Closure): Promise<NonNullable<SubjectReport['raw']>> {
  const found: { table: string; files: number; records: number }[] = [];
  for (const links of linksOf(lake)) {
    const loads = await rawLoadsOf(lake, links.dataset);
    let files = 0;
    let records = 0;
    for (const file of loads.files) {
      const own = (await matchesInRaw(lake, links, closure, loads, file)).length;
      if (own > 0) files += 1;
      records += own;
    }
    if (records > 0) found.push({ table: links.dataset.id, files, records });
  }
  return found;
}

const shown = (cell: Cell): string => {
  if (cell === null) return '';
  return typeof cell === 'object'
    ? JSON.stringify(cell, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))
    : String(cell);
};

/** The report as a page to hand over: each table with what its columns mean, then its rows. */
export function reportHtml({ campus, at, numbers, tables, records, raw }: SubjectReport): string {
  const parts = tables.map(({ table, zone, description, owner, columns, rows, leftBehind }) => {
    const words = columns.map(({ name, type, privacy, description: said }) => [
      name,
      type,
      privacy ?? '',
      said ?? '',
    ]);
    const about = [description, owner && `Owner: ${owner}`].filter(Boolean).join('. ');
    const missing = leftBehind
      ? `<p class="note">Not in the lake's tables: ${escaped(leftBehind.join(', '))}</p>`
      : '';
    return `<h2 id="${escaped(table)}">${escaped(table)}</h2><p>${escaped(about)} (${zone}, ${rows.length} ${rows.length === 1 ? 'row' : 'rows'})</p>
<details><summary>What the columns mean</summary>${htmlTable(['Column', 'Type', 'Privacy class', 'Meaning'], words)}</details>${missing}
${htmlTable(
  columns.map(({ name }) => name),
  rows.map((row) => row.map(shown)),
)}`;
  });
  const known = numbers.map(({ what, values }) => [what, values.join(', ')]);
  const delivered = raw?.map(({ table, files, records }) => [table, String(files), String(records)]);
  return page(
    `What ${campus} holds of one person`,
    `<p>As of ${escaped(at)}. It may be handed to that person only.</p>
<h2>Known as</h2>${htmlTable(['Where', 'Numbers'], known)}
<h2>Tables</h2><p>${tables.map(({ table }) => `<a href="#${escaped(table)}">${escaped(table)}</a>`).join(', ')}</p>
${parts.join('\n')}
<h2>Besides the tables</h2>${htmlTable(
      ['Feature', 'Record'],
      records.map(({ feature, record }) => [feature, JSON.stringify(record)]),
    )}
<h2>As the sources delivered it</h2>${
      delivered
        ? htmlTable(['Table', 'Files', 'Records'], delivered)
        : '<p class="note">The files of the sources were not searched: of a lake on AWS, its tables are reported.</p>'
    }`,
  );
}
