import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Check } from '../../campus/check-schema.ts';
import { readHeader } from '../../models/header.ts';
import { modelNames } from '../../models/load-models.ts';
import { CURATED } from '../../models/model.ts';
import type { Publication } from '../../pipeline/publication.ts';
import type { Uses } from '../../ports/step.ts';

/** A column whose values are those of another table's column. */
export interface Reference {
  readonly column: string;
  readonly to: string;
  readonly field: string;
}

/** What files say of a table, whoever asks. */
export interface TableWords {
  readonly description?: string;
  /** Columns that identify a row; empty where nothing says which. */
  readonly key: readonly string[];
  readonly references: readonly Reference[];
  /** Descriptions by column. */
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * What the catalog, the headers of models and the publication say of the tables that the API offers: keys from the
 * catalog and from a model's grain, references from checks of the kind `relationships`.
 */
export async function describeLake(
  lake: Uses<'campus' | 'catalog' | 'features'>,
  publication: Pick<Publication, 'facts' | 'tables'>,
): Promise<ReadonlyMap<string, TableWords>> {
  const words = new Map<string, TableWords>();
  for (const dataset of lake.catalog.datasets)
    words.set(dataset.id, {
      description: dataset.description,
      key: dataset.key,
      references: referencesOf(dataset.checks ?? []),
      columns: describedBy(dataset.columns),
    });
  const headers = await headersOf(lake);
  for (const [table, version] of Object.entries(publication.tables)) {
    if (words.has(table)) continue;
    const header = headers.get(table);
    const facts = publication.facts[table]?.header;
    const { description, grain, columns = [] } = facts ?? header ?? {};
    const names = version.columns.map(({ name }) => name);
    const checks = header?.checks ?? [];
    words.set(table, {
      description,
      key: keyOf(grain, checks, names),
      references: referencesOf(checks),
      columns: describedBy(columns),
    });
  }
  return words;
}

async function headersOf({ campus, features = [] }: Uses<'campus' | 'features'>) {
  const headers = new Map<string, ReturnType<typeof readHeader>>();
  const read = (name: string, text: string) => {
    try {
      headers.set(`${CURATED}.${name}`, readHeader(text));
    } catch {
      // A model whose header has a mistake keeps its last version; nothing more is known of it here.
    }
  };
  for (const { name, sql } of features.flatMap(({ models = [] }) => models)) read(name, sql);
  const folder = resolve(campus.root, campus.models);
  for (const name of await modelNames(folder))
    read(name, await readFile(join(folder, `${name}.sql`), 'utf8'));
  return headers;
}

const describedBy = (columns: readonly { readonly name: string; readonly description?: string }[]) =>
  new Map(columns.flatMap(({ name, description }) => (description ? [[name, description] as const] : [])));

const referencesOf = (checks: readonly Check[]): Reference[] =>
  checks.flatMap((check) =>
    check.kind === 'relationships' ? [{ column: check.column, to: check.to, field: check.field }] : [],
  );

/** The grain where it is a list of columns, else the columns of the first check that no two rows are alike. */
function keyOf(grain: string | undefined, checks: readonly Check[], names: readonly string[]): string[] {
  const parts = grain?.split(/\s*(?:,|\band\b|×|\bx\b)\s*/).filter((part) => part !== '') ?? [];
  if (parts.length > 0 && parts.every((part) => names.includes(part))) return parts;
  const unique = checks.find((check) => check.kind === 'unique' && check.severity !== 'warn');
  return unique?.kind === 'unique' ? unique.columns : [];
}
