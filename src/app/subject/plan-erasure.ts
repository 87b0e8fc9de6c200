import { queryTables } from '../../access/query.ts';
import { type Closure, closureOf, stagedVersions, whereOf } from '../../erasure/closure.ts';
import { curatedWhere } from '../../erasure/curated.ts';
import { SubjectError } from '../../erasure/errors.ts';
import { linksOf, PERSON } from '../../erasure/links.ts';
import { matchesInRaw } from '../../erasure/raw-files.ts';
import { rawLoadsOf } from '../../erasure/raw-loads.ts';
import {
  checkBookWords,
  type Hold,
  listHolds,
  type PlannedTable,
  readRequest,
} from '../../erasure/register.ts';
import { outcomeOf, reasonOf } from '../../erasure/rules.ts';
import { SuppressionList } from '../../erasure/suppression.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { Lake } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { erasing, namesOf } from './subject-lake.ts';

/** Who is to be erased, and by which request of the college's own books. */
export interface SubjectRequest {
  /** A number of the SIS, or `canvas:` and the number of a user. */
  readonly student: string;
  readonly request: string;
}

/** What an erasure would do, and what stands in its way. */
export interface ErasurePlan {
  readonly request: string;
  /** By how many numbers and keys the lake knows the person. */
  readonly numbers: number;
  readonly found: readonly PlannedTable[];
  /** Holds that have to be released first. */
  readonly holds: readonly Hold[];
}

/**
 * Looks for everything that the lake holds of one person, and changes nothing.
 * @throws SubjectError where nothing is about such a person, or the request was carried out already
 */
export async function planErasure(lake: Lake, { student, request }: SubjectRequest): Promise<ErasurePlan> {
  const { register } = erasing(lake);
  const before = await readRequest(register, request);
  if (before) throw alreadyConfirmed(request, before.certificate);
  const closure = await closureOf(lake, student);
  checkBookWords({ request }, namesOf(student, closure));
  return planOf(lake, request, closure);
}

export const alreadyConfirmed = (request: string, certificate?: number): SubjectError =>
  certificate === undefined
    ? new SubjectError(`Request ${request} was confirmed, and is not complete.`, {
        hint: 'repeat the command with --confirm: it goes on where it stopped',
      })
    : new SubjectError(`Request ${request} was carried out: certificate ${certificate}.`, {
        hint: '`lake subject list` shows the certificates',
      });

/** The plan for a person whose numbers are known. */
export async function planOf(lake: Lake, request: string, closure: Closure): Promise<ErasurePlan> {
  const found = [
    ...(await foundInSources(lake, closure)),
    ...(await foundInModels(lake, closure)),
    ...(await foundInFeatures(lake, closure)),
  ].filter(({ rows }) => rows > 0);
  return { request, numbers: numbersIn(closure), found, holds: await holdsOn(lake, closure) };
}

export const numbersIn = (closure: Closure): number =>
  closure.kinds().reduce((sum, kind) => sum + closure.texts(kind).length, 0);

async function foundInSources(lake: Lake, closure: Closure): Promise<PlannedTable[]> {
  const tables = await stagedVersions(lake);
  const found: PlannedTable[] = [];
  for (const links of linksOf(lake)) {
    const { dataset } = links;
    const known = { table: dataset.id, outcome: outcomeOf(dataset), reason: reasonOf(dataset) };
    const loads = await rawLoadsOf(lake, dataset);
    let records = 0;
    for (const file of loads.files) records += (await matchesInRaw(lake, links, closure, loads, file)).length;
    found.push({ zone: 'raw', ...known, rows: records });
    const version = tables[dataset.id];
    const where = version && whereOf(version, links, closure);
    if (version && where) found.push({ zone: 'staged', ...known, rows: await count(lake, version, where) });
  }
  return found;
}

async function foundInModels(lake: Lake, closure: Closure): Promise<PlannedTable[]> {
  const publication = await readPublication(lake.platform);
  const sources = new Set(lake.catalog.datasets.map(({ id }) => id));
  const found: PlannedTable[] = [];
  for (const version of Object.values(publication?.tables ?? {})) {
    if (sources.has(version.table)) continue;
    const where = curatedWhere(lake, version, closure);
    found.push({
      zone: 'curated',
      table: version.table,
      rows: where ? await count(lake, version, where) : 0,
      outcome: 'rebuild',
      reason: 'built again from what stays in the tables that it reads',
    });
  }
  return found;
}

/** Records that features keep besides their tables. */
async function foundInFeatures({ features = [], platform }: Lake, closure: Closure): Promise<PlannedTable[]> {
  const found: PlannedTable[] = [];
  for (const { name, people } of features) {
    const records = await (await people?.load())?.find(platform.objects, (number) =>
      closure.has(PERSON, number),
    );
    const reason = 'it serves its feature only';
    found.push({ zone: 'features', table: name, rows: records?.length ?? 0, outcome: 'erase', reason });
  }
  return found;
}

/** Rows of a table that meet a condition. */
export async function count(lake: Lake, version: TableVersion, where: string): Promise<number> {
  const sql = `SELECT count(*) FROM ${version.table} WHERE ${where}`;
  const result = await queryTables(lake, sql, { [version.table]: version }, { isOwn: true });
  for await (const [row] of result.batches()) return Number(row?.[0] ?? 0);
  return 0;
}

/** The digests by which holds name a person. */
export function subjectsOf(list: SuppressionList, closure: Closure): string[] {
  return closure
    .kinds()
    .flatMap((kind) => closure.texts(kind).map((text) => list.digest(`hold|${kind}`, text)));
}

async function holdsOn(lake: Lake, closure: Closure): Promise<Hold[]> {
  const { register } = erasing(lake);
  const list = await SuppressionList.open(register);
  if (!list) return [];
  const own = new Set(subjectsOf(list, closure));
  return (await listHolds(register)).filter(({ subjects }) => subjects.some((one) => own.has(one)));
}
