import { createHash } from 'node:crypto';
import { authorize } from '../../access/authorize.ts';
import { idText } from '../../campus/lake-type.ts';
import type { VerifiedPlace } from '../../erasure/certificate.ts';
import { curatedLinks } from '../../erasure/curated.ts';
import { type DatasetLinks, linksOf, PERSON } from '../../erasure/links.ts';
import { matchesInRaw } from '../../erasure/raw-files.ts';
import { rawLoadsOf } from '../../erasure/raw-loads.ts';
import { outcomeOf, rulesOf } from '../../erasure/rules.ts';
import type { SuppressionList } from '../../erasure/suppression.ts';
import { listStates } from '../../loads/dataset-state.ts';
import { versionsOf } from '../../loads/state.ts';
import { listPublications, readPublication } from '../../pipeline/publication.ts';
import type { RowRules } from '../../ports/eraser.ts';
import { OPS_TABLES } from '../../ports/ledger.ts';
import type { Lake } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { erasing } from './subject-lake.ts';

/** What was looked at, and whether anything of the people on the list is left where it must not be. */
export interface Verified {
  readonly places: readonly VerifiedPlace[];
  /** Places that still hold something. */
  readonly left: readonly string[];
}

/**
 * Decodes every file that the lake keeps and looks for people on the suppression list: a search of bytes would prove
 * presence only, never absence, because stored pages are compressed.
 */
export async function verifyErased(lake: Lake, list: SuppressionList): Promise<Verified> {
  const found: Looked[] = [];
  for (const links of linksOf(lake)) {
    found.push(await lookInRaw(lake, list, links), ...(await lookInVersions(lake, list, links)));
  }
  found.push(
    ...(await lookInModels(lake, list)),
    await lookInPublications(lake),
    await lookInWarehouse(lake),
    ...(await lookInReplaced(lake)),
  );
  found.push(await lookInDocuments(lake, list), await lookInLedger(lake, list));
  return {
    places: found.map(({ isLeft: _left, ...place }) => place),
    left: found.filter(({ isLeft }) => isLeft).map(({ zone, place }) => `${zone} ${place}`),
  };
}

type Looked = VerifiedPlace & { readonly isLeft: boolean };

const asked = ({ links }: DatasetLinks): string =>
  `rows whose ${links.map(({ column }) => column.name).join(', ')} is on the suppression list`;

const rowsFound = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;

async function lookInRaw(lake: Lake, list: SuppressionList, links: DatasetLinks): Promise<Looked> {
  const loads = await rawLoadsOf(lake, links.dataset);
  const files: Record<string, string> = {};
  let rows = 0;
  for (const file of loads.files) {
    rows += (await matchesInRaw(lake, links, list, loads, file)).length;
    files[file] = await sha256(lake, file);
  }
  const isKept = outcomeOf(links.dataset) === 'retain';
  return {
    zone: 'raw',
    place: links.dataset.id,
    asked: asked(links),
    answer: `${rowsFound(rows)}${isKept ? ', retained' : ''}`,
    files,
    isLeft: rows > 0 && !isKept,
  };
}

async function sha256({ platform }: Lake, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await platform.objects.get(key)) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

/** Every version that a state names: the newest, and the newest that passed its checks. */
async function lookInVersions(lake: Lake, list: SuppressionList, links: DatasetLinks): Promise<Looked[]> {
  const { rules } = rulesOf(links, list);
  const states = await listStates(lake.platform.ledger);
  const state = states.find(({ dataset }) => dataset === links.dataset.id);
  const versions = state ? versionsOf(state).filter((version) => version !== state.decided) : [];
  const isKept = outcomeOf(links.dataset) === 'retain';
  const places: Looked[] = [];
  for (const version of new Set(versions.filter((one) => one !== undefined))) {
    const rows = await matchesIn(lake, version, rules);
    places.push({
      zone: 'staged',
      place: version.table,
      asked: asked(links),
      answer: `${rowsFound(rows)}${isKept ? ', retained' : ''}`,
      isLeft: rows > 0 && !isKept,
    });
  }
  return places;
}

/** How many different owners of rows are on the list. */
async function matchesIn(lake: Lake, version: TableVersion, rules: RowRules): Promise<number> {
  const { eraser } = erasing(lake);
  return (await eraser.matchesInVersion(version, rules, rules.owners)).length;
}

/** Where rows of people are retained, models that read them may show them. */
async function lookInModels(lake: Lake, list: SuppressionList): Promise<Looked[]> {
  const publication = await readPublication(lake.platform);
  const sources = new Set(lake.catalog.datasets.map(({ id }) => id));
  const retained = lake.catalog.datasets.filter((one) => outcomeOf(one) === 'retain').map(({ id }) => id);
  const places: Looked[] = [];
  const { tables } = await authorize(lake, 'query', publication?.tables ?? {});
  for (const version of Object.values(tables)) {
    if (sources.has(version.table)) continue;
    const links = curatedLinks(lake, version);
    if (links.length === 0) continue;
    const owners = links.map(({ column, kinds }) => ({
      name: column.name,
      has: (text: string) => kinds.some((kind) => list.has(kind, idText(text, column.type))),
    }));
    const rows = await matchesIn(lake, version, { owners, mentions: [] });
    const mayShow = retained.some((id) => version.reads?.some((read) => read.startsWith(`${id}@`)) ?? true);
    places.push({
      zone: 'curated',
      place: version.table,
      asked: `rows whose ${links.map(({ column }) => column.name).join(', ')} is on the suppression list`,
      answer: `${rowsFound(rows)}${rows > 0 && mayShow ? ', from rows that are retained' : ''}`,
      isLeft: rows > 0 && !mayShow,
    });
  }
  return places;
}

async function lookInPublications({ platform }: Lake): Promise<Looked> {
  const ids = await listPublications(platform.objects);
  return {
    zone: 'publications',
    place: 'publications/',
    asked: 'publications that are kept',
    answer: `${ids.length}: the current one`,
    isLeft: ids.length > 1,
  };
}

/** Earlier states of objects, where the storage keeps any. */
async function lookInReplaced(lake: Lake): Promise<Looked[]> {
  const count = await erasing(lake).eraser.countReplaced?.();
  if (count === undefined) return [];
  return [
    {
      zone: 'versions',
      place: 'earlier versions of objects in the buckets',
      asked: 'ListObjectVersions: versions that are not the current one',
      answer: `${count}`,
      isLeft: count > 0,
    },
  ];
}

async function lookInWarehouse({ platform }: Lake): Promise<Looked> {
  const publication = await readPublication(platform);
  const { publication: shown } = await platform.warehouse.describe();
  const isCurrent = shown === undefined || shown === publication?.id;
  return {
    zone: 'warehouse',
    place: 'mart.lake_publication',
    asked: 'SELECT publication FROM mart.lake_publication',
    answer:
      shown === undefined
        ? 'the warehouse was never loaded'
        : `${shown}, ${isCurrent ? 'the current one' : 'an older one'}`,
    isLeft: !isCurrent,
  };
}

/** Shorter texts are also years, counts and weeks. */
const SHORTEST = 5;

const mentions = (list: SuppressionList, text: string): number =>
  (text.match(/[\p{L}\p{N}_.@-]+/gu) ?? []).filter(
    (word) => word.length >= SHORTEST && list.has(PERSON, word),
  ).length;

/** Documents of the lake beside its tables, such as models of a feature and what a look at the source left. */
async function lookInDocuments({ platform }: Lake, list: SuppressionList): Promise<Looked> {
  const { objects } = platform;
  const keys = (await objects.list('')).filter((key) => /\.(?:json|md|txt|html|xml)$/.test(key));
  const own = keys.filter((key) => !/^(?:staged|curated|ledger|warehouse)\//.test(key));
  let found = 0;
  for (const key of own) found += mentions(list, (await objects.getText(key)) ?? '');
  return {
    zone: 'documents',
    place: 'manifests, publications and documents',
    asked: `words of ${own.length} documents that are numbers of people on the list`,
    answer: `${found}`,
    isLeft: found > 0,
  };
}

async function lookInLedger({ platform }: Lake, list: SuppressionList): Promise<Looked> {
  const { ledger } = platform;
  const tables = [...OPS_TABLES, ...(ledger.added ?? []).map(({ name }) => name)];
  let found = 0;
  for (const table of tables) {
    for (const row of await ledger.rows(table)) found += mentions(list, JSON.stringify(row));
  }
  return {
    zone: 'ledger',
    place: tables.map((name) => `ops.${name}`).join(', '),
    asked: 'words of their rows that are numbers of people on the list',
    answer: `${found}`,
    isLeft: found > 0,
  };
}
