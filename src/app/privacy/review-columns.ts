import type { PrivacyClass, Treatment } from '../../campus/catalog-schema.ts';
import { CatalogText } from '../../campus/discover/catalog-text.ts';
import { type Decision, decide } from '../../campus/discover/decide.ts';
import type { FoundTable } from '../../campus/discover/found.ts';
import type { CatalogPart } from '../../campus/discover/merge.ts';
import { catalogParts } from '../../campus/discover/parts.ts';
import { nameOf, writeText } from '../../campus/files.ts';
import { type LoadedCampus, loadCampus } from '../../campus/load.ts';
import { treatmentOf } from '../../campus/treatment.ts';
import { InputError } from '../../errors.ts';
import { openSecrets } from '../../platform/secrets.ts';
import { proposePrivacy } from '../../privacy/propose.ts';
import type { SampleCounts } from '../../privacy/value-verdict.ts';
import { sampleSis } from '../discover/sample-sis.ts';

/** A column that looks sensitive and on which nobody has decided. */
export interface ColumnToReview {
  readonly dataset: string;
  readonly column: string;
  readonly type: string;
  readonly key: boolean;
  /** Whether its table is loaded. */
  readonly loaded: boolean;
  /** What is proposed, and what would become of the column. */
  readonly privacy: PrivacyClass;
  readonly treatment: Treatment;
  /** Why, in words and counts; never a value. */
  readonly why: string;
  /** What a sample of its values showed, where one was read. */
  readonly counts?: SampleCounts;
}

export interface ReviewColumnsRequest {
  /** Names of tables, `source.table`, in which `*` is any run of characters. Default: all. */
  readonly tables?: readonly string[];
  /** Only what was proposed as one of these. Default: every class but `none`. */
  readonly classes?: readonly PrivacyClass[];
  /** Rows of each table whose values are looked at, SIS only; they are not kept. Default: none. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/**
 * The columns that wait for a person's decision, with what is proposed and its evidence. A sample of values can only
 * raise what the catalog proposes.
 */
export async function columnsToReview(
  { campus }: Pick<LoadedCampus, 'campus'>,
  { tables = ['*'], classes, sample, signal }: ReviewColumnsRequest,
): Promise<ColumnToReview[]> {
  const isMeant = matcher(tables);
  const found: ColumnToReview[] = [];
  for (const [source, config] of Object.entries(campus.sources)) {
    const waiting = (await catalogParts(campus, source)).parts
      .flatMap((part) => marked(part, campus))
      .filter(({ dataset }) => isMeant(dataset.dataset));
    const wanted = waiting.filter(
      ({ dataset: { privacy } }) => sample !== undefined || isWanted(privacy, classes),
    );
    const samples =
      sample !== undefined && config.kind === 'postgres' && wanted.length > 0
        ? (
            await sampleSis(
              config,
              await openSecrets({ root: campus.root }).get(config.password),
              new Set(wanted.map(({ table }) => table)),
              sample,
              signal,
            )
          ).samples
        : undefined;
    for (const { dataset, table, name, namespace } of wanted) {
      const values = samples?.get(table)?.get(name);
      const raised = values
        ? raise(dataset, { name, table, namespace, values, source: config.kind }, campus)
        : dataset;
      if (isWanted(raised.privacy, classes)) found.push(raised);
    }
  }
  return found;
}

const isWanted = (privacy: PrivacyClass, classes: readonly PrivacyClass[] | undefined): boolean =>
  classes ? classes.includes(privacy) : privacy !== 'none';

interface Marked {
  readonly dataset: ColumnToReview;
  readonly table: FoundTable;
  /** The column's name at the source. */
  readonly name: string;
  readonly namespace: string;
}

function marked({ text, value }: CatalogPart, campus: LoadedCampus['campus']): Marked[] {
  if (text === undefined || !/# proposed\b/.test(text)) return [];
  const catalog = new CatalogText(text);
  return value.datasets.flatMap((dataset, at) => {
    const item = catalog.dataset(at);
    const { namespace, table, key, columns } = dataset;
    const asFound: FoundTable = {
      namespace,
      table,
      key,
      columns: columns.map(({ name, source, type, nullable = true }) => ({
        name: source ?? name,
        type,
        nullable,
      })),
    };
    return columns.flatMap((column, place): Marked[] => {
      const line = catalog.column(item, place);
      if ((column.treatment ?? column.mask) !== undefined || !catalog.isProposed(line)) return [];
      return [
        {
          table: asFound,
          namespace,
          name: column.source ?? column.name,
          dataset: {
            dataset: `${value.source}.${dataset.name}`,
            column: column.name,
            type: column.type,
            key: key.includes(column.name),
            loaded: dataset.load !== 'off',
            privacy: column.privacy,
            treatment: treatmentOf(campus, column),
            why: catalog.reasonOf(line),
          },
        },
      ];
    });
  });
}

interface Looked {
  readonly name: string;
  readonly namespace: string;
  readonly table: FoundTable;
  readonly values: readonly unknown[];
  readonly source: LoadedCampus['campus']['sources'][string]['kind'];
}

function raise(
  column: ColumnToReview,
  { name, namespace, table, values, source }: Looked,
  campus: LoadedCampus['campus'],
): ColumnToReview {
  const of = table.columns.find((one) => one.name === name)!;
  const judge = (samples?: readonly unknown[]) =>
    proposePrivacy({
      name,
      type: of.type,
      table: table.table,
      namespace,
      source,
      key: column.key,
      siblings: table.columns.map((one) => one.name),
      samples,
    });
  const seen = judge(values);
  // The values say more than the name does: then their word is shown in place of the catalog's.
  if (seen.privacy === judge().privacy) return { ...column, counts: seen.counts };
  const { privacy, why, counts } = seen;
  return { ...column, privacy, why, counts, treatment: treatmentOf(campus, { privacy }) };
}

/**
 * Writes decisions into the catalog. Comments and all other lines stay as they are.
 * @param file campus.yaml, or its folder
 * @returns the names of the files that were written
 * @throws InputError where a decision names a column that waits for none; CampusFileError where the catalog could not
 * be loaded any more: then nothing is written
 */
export async function writeDecisions(
  { campus }: Pick<LoadedCampus, 'campus'>,
  file: string,
  decisions: readonly Decision[],
): Promise<string[]> {
  const parts = (
    await Promise.all(Object.keys(campus.sources).map((source) => catalogParts(campus, source)))
  ).flatMap((one) => one.parts);
  const known = new Set(
    parts.flatMap(({ value }) =>
      value.datasets.flatMap(({ name, columns }) =>
        columns.map((column) => `${value.source}.${name}.${column.name}`),
      ),
    ),
  );
  const lost = decisions.find(({ dataset, column }) => !known.has(`${dataset}.${column}`));
  if (lost)
    throw new InputError(`The catalog has no column ${lost.dataset}.${lost.column}`, {
      about: lost.dataset,
      hint: '`lake privacy review --json` lists the columns that wait for a decision',
    });
  const texts = decide(parts, decisions);
  await loadCampus(file, texts);
  for (const [path, text] of texts) await writeText(path, text);
  return [...texts.keys()].map(nameOf);
}

function matcher(patterns: readonly string[]): (id: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`);
  });
  return (id) => expressions.some((expression) => expression.test(id));
}
