import type { CampusFile } from '../campus-schema.ts';
import type { CatalogFile, Dataset, PrivacyClass } from '../catalog-schema.ts';
import { treatmentOf } from '../treatment.ts';
import { CatalogText, type Item } from './catalog-text.ts';
import { type DiscoveryChanges, type FoundTable, noChanges, type Propose } from './found.ts';
import { datasetLines, newColumn, scalar } from './lines.ts';
import { claim, datasetName } from './names.ts';

/** A file of the catalog as it is, or as it will be made. */
export interface CatalogPart {
  readonly path: string;
  /** Undefined: the file does not exist yet. */
  readonly text: string | undefined;
  readonly value: CatalogFile;
}

export interface MergeOptions {
  readonly source: string;
  readonly found: readonly FoundTable[];
  /** Files that describe the source, at least one. */
  readonly parts: readonly CatalogPart[];
  /** The file for a new table of a namespace, one of `parts`. */
  readonly partFor: (namespace: string) => CatalogPart;
  readonly campus: Pick<CampusFile, 'privacy'>;
  readonly propose: Propose;
  /** Where an editor finds the schema from a new file. Default: `../schemas/catalog.schema.json`. */
  readonly schema?: string;
  /** `YYYY-MM-DD`, for the marks. */
  readonly today: string;
  /** Write new tables with `load: off`, so that a person switches on what is wanted. */
  readonly off?: boolean;
  /** Namespaces that were read: only tables of these can be gone. Default: all. */
  readonly scope?: readonly string[];
  /** Tables that are there and could not be read: they are left as they are. */
  readonly unread?: readonly Pick<FoundTable, 'namespace' | 'table'>[];
}

export interface Merged {
  readonly changes: DiscoveryChanges;
  /** New texts by path, of the files that change. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Merges what a live source has into its catalog files. New tables and columns are added with a proposed class and
 * the comment `# proposed`; what is gone at the source is kept and marked; a type that changed is reported, and
 * followed only on a line that still carries `# proposed`. Nothing else in the files is touched.
 */
export function mergeCatalog(options: MergeOptions): Merged {
  const { source, found, parts, scope } = options;
  const changes = noChanges();
  const texts = new Map(
    parts.map((p) => [p.path, new CatalogText(p.text ?? emptyCatalog(source, options.schema))]),
  );
  const names = new Set(parts.flatMap((p) => p.value.datasets.map((d) => d.name)));
  const unread = new Set(options.unread?.map((t) => tableId(t.namespace, t.table)));
  const byTable = new Map(found.map((t) => [tableId(t.namespace, t.table), t]));

  for (const part of parts) {
    const text = texts.get(part.path)!;
    for (const [i, dataset] of part.value.datasets.entries()) {
      const table = byTable.get(tableId(dataset.namespace, dataset.table));
      byTable.delete(tableId(dataset.namespace, dataset.table));
      const item = text.dataset(i);
      const id = `${source}.${dataset.name}`;
      if (!table) {
        if (scope && !scope.includes(dataset.namespace)) continue;
        if (unread.has(tableId(dataset.namespace, dataset.table))) continue;
        changes.goneTables.push(id);
        if (!text.isMarkedGone(item)) text.markGone(item, options.today);
        continue;
      }
      if (text.isMarkedGone(item)) {
        text.unmarkGone(item);
        changes.backAgain.push(id);
      }
      const kind = table.kind ?? 'table';
      if (kind !== (dataset.kind ?? 'table')) {
        changes.changedKinds.push({ id, to: kind });
        text.set(item, 'kind', kind, 'table');
      }
      mergeColumns({ ...options, changes, text, item, id, dataset, table });
    }
  }
  for (const table of byTable.values()) {
    const text = texts.get(options.partFor(table.namespace).path)!;
    addTable(options, changes, text, table, claim(datasetName(table.namespace, table.table), names));
  }
  const changed = [...texts].map(([path, text]) => [path, text.toString()] as const);
  const before = new Map(parts.map((p) => [p.path, p.text]));
  return { changes, texts: new Map(changed.filter(([path, text]) => before.get(path) !== text)) };
}

/** The first lines of a new file. */
export function emptyCatalog(source: string, schema = '../schemas/catalog.schema.json'): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    `# Tables of the source ${source}. \`lake discover ${source}\` adds what is new; what a person wrote it never changes.`,
    '# A column marked "proposed" waits for a look at its privacy class: take the mark away once it is right.',
    `source: ${source}`,
    'datasets: []',
    '',
  ].join('\n');
}

interface ColumnMerge extends MergeOptions {
  readonly changes: DiscoveryChanges;
  readonly text: CatalogText;
  readonly item: Item;
  readonly id: string;
  readonly dataset: Dataset;
  readonly table: FoundTable;
}

function mergeColumns({ changes, text, item, id, dataset, table, propose, today }: ColumnMerge): void {
  const live = new Map(table.columns.map((c) => [c.name, c]));
  const taken = new Set(dataset.columns.map((c) => c.name));
  for (const [i, column] of dataset.columns.entries()) {
    const node = text.column(item, i);
    const now = live.get(column.source ?? column.name);
    live.delete(column.source ?? column.name);
    if (!now) {
      changes.goneColumns.push({ id, column: column.name });
      if (!text.isMarkedGone(node)) text.markGone(node, today);
      continue;
    }
    if (text.isMarkedGone(node)) {
      text.unmarkGone(node);
      changes.backAgain.push(`${id}.${column.name}`);
    }
    const written = text.isProposed(node);
    if (now.type !== column.type && column.copyAs !== 'text') {
      changes.changed.push({ id, column: column.name, from: column.type, to: now.type, written });
      if (written) text.set(node, 'type', scalar(now.type), 'name');
    }
    // Only towards "may be empty": a source that promises more than the catalog asks does no harm.
    if (now.nullable && column.nullable === false) {
      changes.changed.push({ id, column: column.name, from: 'never empty', to: 'may be empty', written });
      if (written) text.set(node, 'nullable', 'true', 'type');
    }
  }
  for (const column of live.values()) {
    const added = newColumn(table, column, propose, taken);
    text.appendColumn(item, added.line);
    changes.newColumns.push({ id, column: added.column.name, privacy: added.column.privacy });
    count(changes, added.column.privacy);
  }
  const key = table.key.map((k) => dataset.columns.find((c) => (c.source ?? c.name) === k)?.name ?? k);
  if (key.join() !== dataset.key.join() && key.length > 0)
    changes.changedKeys.push({ id, from: [...dataset.key], to: key });
}

function addTable(
  { source, campus, propose, off }: MergeOptions,
  changes: DiscoveryChanges,
  text: CatalogText,
  table: FoundTable,
  name: string,
): void {
  const taken = new Set<string>();
  const columns = table.columns.map((c) => newColumn(table, c, propose, taken));
  if (columns.length === 0) return;
  const id = `${source}.${name}`;
  const outside = columns.filter(({ column }) => treatmentOf(campus, column) === 'exclude');
  const key = outside.find(({ column }) => table.key.includes(column.source ?? column.name));
  const why = table.unfit
    ? table.unfit
    : key
      ? `its key ${key.column.name} would stay outside: give that column treatment keep or pseudonym`
      : outside.length === columns.length
        ? 'every column would stay outside'
        : undefined;
  if (why) changes.heldBack.push(id);
  const load = why
    ? ({ value: 'off', why } as const)
    : off
      ? ({ value: 'off', why: 'proposed' } as const)
      : undefined;
  text.appendDataset(datasetLines(name, table, columns, load));
  changes.newTables.push({ id, columns: columns.length });
  for (const { column } of columns) count(changes, column.privacy);
}

function count({ proposed }: DiscoveryChanges, privacy: PrivacyClass): void {
  proposed[privacy] = (proposed[privacy] ?? 0) + 1;
}

const tableId = (namespace: string, table: string) => JSON.stringify([namespace, table]);
