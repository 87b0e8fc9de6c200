import type { CatalogDataset } from '../campus/campus.ts';
import { idText, type LakeType } from '../campus/lake-type.ts';
import type { LoadManifest } from '../loads/load.ts';
import type { RowField, RowRules, WatchedField } from '../ports/eraser.ts';
import { SubjectError } from './errors.ts';
import { type DatasetLinks, type PersonLink, rowKind } from './links.ts';
import { joinedKey } from './suppression.ts';

/** Who is looked for: numbers and keys by kind. The suppression list is one; so is one person's closure. */
export interface Sought {
  has(kind: string, text: string): boolean;
  /** What stands in the place of a number where rows stay without it: for one number always the same. */
  surrogateOf(text: string): string;
}

/** What becomes of the rows of one person in a table. */
export type Outcome = 'erase' | 'mask' | 'retain';

export const outcomeOf = ({ retention }: CatalogDataset): Outcome => retention?.outcome ?? 'erase';

/** The reason that the catalog gives for keeping rows, or the default. */
export const reasonOf = ({ retention }: CatalogDataset): string =>
  retention?.reason ?? 'no duty to keep it is in the catalog';

/** The rules for the rows of a dataset, in raw files or in the lake's table, and the fields that say who and which. */
export interface DatasetRules {
  readonly rules: RowRules;
  /** What is asked of a matching row: its key first, then its owners. */
  readonly wanted: readonly RowField[];
  readonly keyLength: number;
  readonly owners: readonly PersonLink[];
}

/** Columns that say something of a person beyond the record itself. */
const PERSONAL = new Set(['direct', 'quasi', 'special', 'text', 'log', 'secret', 'aid']);

/**
 * @param manifest of the load whose files are meant. Absent: the lake's own table, by its own names
 * @throws SubjectError where rows are to be masked whose person is a number in their key
 */
export function rulesOf(
  links: DatasetLinks,
  sought: Sought,
  manifest?: Pick<LoadManifest, 'layout' | 'columns'>,
): DatasetRules {
  const { dataset } = links;
  const field = fieldOf(dataset, manifest);
  const watched = ({ column, kind }: PersonLink): WatchedField => ({
    ...field(column.name),
    has: (text) => isSought(kind, [text], [column.type]),
  });
  // Lists of older lakes have the numbers of decimals with their places.
  const isSought = (kind: string, texts: readonly string[], types: readonly LakeType[]) =>
    [texts.map((text, i) => idText(text, types[i]!)), texts].some((one) => sought.has(kind, joinedKey(one)));
  const owners = links.links.filter(({ role }) => role === 'owner');
  const own = rowKind(dataset.id);
  const key = dataset.key.map(field);
  const mentions = links.links.filter(({ role }) => role === 'mention').map(watched);
  const rules: RowRules = {
    owners: owners.map(watched),
    ...(key.length > 0
      ? { key: { fields: key, has: (texts) => isSought(own, texts, keyTypes(dataset)) } }
      : {}),
    mentions,
    ...(outcomeOf(dataset) === 'mask' ? { masks: masksOf(links, field, sought) } : {}),
  };
  return {
    rules,
    wanted: [...key, ...owners.map(({ column }) => field(column.name))],
    keyLength: key.length,
    owners,
  };
}

function masksOf(
  { dataset, links }: DatasetLinks,
  field: (name: string) => RowField,
  sought: Sought,
): NonNullable<RowRules['masks']> {
  const owners = new Set(links.filter(({ role }) => role === 'owner').map(({ column }) => column.name));
  const isText = (name: string) => dataset.columns.find((column) => column.name === name)?.type === 'varchar';
  const fixed = dataset.key.find((name) => owners.has(name) && !isText(name));
  if (fixed !== undefined) {
    throw new SubjectError(
      `Rows of ${dataset.id} cannot be masked: the person is the number ${fixed} in their key.`,
      {
        about: dataset.id,
        hint: 'give the dataset `retention: { outcome: erase }` or `retain` in the catalog',
      },
    );
  }
  const emptied = dataset.columns.filter(
    ({ name, privacy }) =>
      !dataset.key.includes(name) && PERSONAL.has(privacy) && !(owners.has(name) && isText(name)),
  );
  return {
    emptied: emptied.map(({ name }) => field(name)),
    replaced: [...owners].filter(isText).map(field),
    surrogateOf: (text) => sought.surrogateOf(text),
  };
}

/** The types of the key's columns, in its order. */
export const keyTypes = ({ key, columns }: CatalogDataset): LakeType[] =>
  key.map((name) => columns.find((column) => column.name === name)!.type);

/** Where a column of the catalog stands in the files of a load. */
function fieldOf(
  { columns, key }: CatalogDataset,
  manifest: Pick<LoadManifest, 'layout' | 'columns'> | undefined,
): (name: string) => RowField {
  return (name) => {
    if (!manifest) return { name };
    const source = columns.find((column) => column.name === name)?.source ?? name;
    if (manifest.layout !== 'dap') return { name: source };
    const delivered = manifest.columns?.find((column) => column.name === source)?.section;
    return { name: source, section: delivered ?? (key.includes(name) ? 'key' : 'value') };
  };
}

/** Which people and keys matter to a dataset: a change of the list in one of these kinds concerns it. */
export const kindsOf = ({ links }: DatasetLinks): string[] => links.map(({ kind }) => kind);
