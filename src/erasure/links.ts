import type { Campus, Catalog, CatalogDataset } from '../campus/campus.ts';
import type { CatalogColumn } from '../campus/catalog-schema.ts';
import { isLms } from '../campus/source-role.ts';
import { pseudonymNamespaceOf, treatmentOf } from '../privacy/treatment.ts';

/** The kind of the numbers by which a SIS knows people: columns with this `pseudonymNamespace` hold them. */
const PERSON_NAMESPACE = 'person';
export const PERSON = `id:${PERSON_NAMESPACE}`;

/** The kind of a row's key, for rows of other tables that belong to it. */
export const rowKind = (dataset: string): string => `row:${dataset}`;

/** A column that says whose a row is, or who is mentioned in it. */
export interface PersonLink {
  readonly column: CatalogColumn;
  /** What its values are: numbers of people, or keys of rows of another table. */
  readonly kind: string;
  /** `owner`: the row is about that person. `mention`: it is about somebody else and names the person. */
  readonly role: 'owner' | 'mention';
}

/** How the rows of a dataset belong to people. */
export interface DatasetLinks {
  readonly dataset: CatalogDataset;
  readonly links: readonly PersonLink[];
  /** All owners of one row are one person: such rows tell by which numbers one person is known. */
  readonly isIdentity: boolean;
}

type Described = {
  readonly campus: Pick<Campus, 'sources' | 'privacy'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
};

/**
 * The datasets with rows about people, those on which others hang first. What links a row to a person is read off the
 * catalog: columns with `pseudonymNamespace: person`; in an LMS, numbers of its users; and keys of rows that are
 * themselves a person's (a submission's comments, an account's charges).
 */
export function linksOf({ campus, catalog }: Described): DatasetLinks[] {
  const own = new Map<string, PersonLink[]>();
  for (const dataset of catalog.datasets) {
    const links = ownLinks(campus, catalog, dataset);
    if (links.length > 0) own.set(dataset.id, links);
  }
  const inherited = catalog.datasets.flatMap((dataset) => {
    const known = own.get(dataset.id) ?? [];
    const more = parentLinks(campus, catalog, dataset, own);
    return known.length + more.length > 0 ? [{ dataset, links: [...known, ...more] }] : [];
  });
  const all = inherited.map(({ dataset, links }) => ({
    dataset,
    links,
    isIdentity: isIdentity(campus, dataset, links),
  }));
  return parentsFirst(all);
}

/** The users of an LMS: `canvas.users`. */
function usersOf(catalog: Described['catalog'], { source }: CatalogDataset): CatalogDataset | undefined {
  return catalog.datasets.find((one) => one.id === `${source}.users` && one.key.length === 1);
}

const USER_COLUMN = /^(?:.*_)?user_id$/;
const USER_WORDS =
  /^(?:author|grader|final_grader|assessor|recipient|sender|observer|teacher|editor|creator)_id$/;

function kindOf(
  campus: Described['campus'],
  catalog: Described['catalog'],
  dataset: CatalogDataset,
  column: CatalogColumn,
): string | undefined {
  if (column.pseudonymNamespace === PERSON_NAMESPACE) return PERSON;
  if (!isLms(campus.sources[dataset.source])) return undefined;
  const users = usersOf(catalog, dataset);
  if (!users) return undefined;
  if (users.id === dataset.id && column.name === users.key[0]) return rowKind(users.id);
  const isNumber = column.type === 'bigint' && column.privacy !== 'none';
  const named = USER_COLUMN.test(column.name) || USER_WORDS.test(column.name);
  return isNumber && named ? rowKind(users.id) : undefined;
}

/** Of several, these are whom a row is about. */
const SUBJECT_COLUMNS = ['student_id', 'person_id', 'user_id', 'author_id', 'id'];

function ownLinks(
  campus: Described['campus'],
  catalog: Described['catalog'],
  dataset: CatalogDataset,
): PersonLink[] {
  const found = dataset.columns.flatMap((column) => {
    const kind = kindOf(campus, catalog, dataset, column);
    return kind === undefined ? [] : [{ column, kind }];
  });
  const isKey = ({ column }: { column: CatalogColumn }) => dataset.key.includes(column.name);
  const isUsers = usersOf(catalog, dataset)?.id === dataset.id;
  const kinds = new Set(found.map(({ kind }) => kind));
  // Of different systems: one person by two numbers. A user and the one into which it was merged: one person too.
  const areOnePerson = isUsers || (kinds.size === found.length && kinds.size > 1);
  const subject =
    found.find(({ column }) => SUBJECT_COLUMNS.includes(column.name)) ??
    (found.some(isKey) ? undefined : found[0]);
  return found.map((one) => ({
    ...one,
    role: areOnePerson || isKey(one) || one === subject ? 'owner' : 'mention',
  }));
}

/** Rows of an LMS that are somebody's whatever else they say: what hangs on them is that person's, too. */
const LMS_RECORDS = ['enrollments', 'submissions', 'quiz_submissions'];

function parentLinks(
  campus: Described['campus'],
  catalog: Described['catalog'],
  dataset: CatalogDataset,
  own: ReadonlyMap<string, readonly PersonLink[]>,
): PersonLink[] {
  const isOfLms = isLms(campus.sources[dataset.source]);
  const hasOwner = own.get(dataset.id)?.some(({ role }) => role === 'owner') ?? false;
  return dataset.columns.flatMap((column): PersonLink[] => {
    const parent = catalog.datasets.find((one) => {
      if (one.source !== dataset.source || one.id === dataset.id || one.key.length !== 1) return false;
      if (!own.get(one.id)?.some(({ role }) => role === 'owner')) return false;
      if (isOfLms) return LMS_RECORDS.includes(one.table) && column.name === `${one.table.slice(0, -1)}_id`;
      return !hasOwner && one.namespace === dataset.namespace && one.key[0] === column.name;
    });
    return parent ? [{ column, kind: rowKind(parent.id), role: 'owner' }] : [];
  });
}

function isIdentity(
  campus: Described['campus'],
  { id, source }: CatalogDataset,
  links: readonly PersonLink[],
): boolean {
  if (isLms(campus.sources[source]) && id === `${source}.users`) return true;
  const kinds = new Set(links.map(({ kind }) => kind));
  return (
    links.length > 1 &&
    kinds.size === links.length &&
    kinds.has(PERSON) &&
    links.every(({ role }) => role === 'owner')
  );
}

function parentsFirst(all: readonly DatasetLinks[]): DatasetLinks[] {
  const depth = (one: DatasetLinks, seen: readonly string[] = []): number => {
    const { id } = one.dataset;
    if (seen.includes(id)) return 0;
    const parents = one.links.flatMap(({ kind }) =>
      all.filter(({ dataset }) => dataset.id !== id && rowKind(dataset.id) === kind),
    );
    return parents.length === 0 ? 0 : 1 + Math.max(...parents.map((parent) => depth(parent, [...seen, id])));
  };
  return [...all]
    .map((one) => ({ one, place: one.isIdentity ? -1 : depth(one) }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

/** Whether the lake's table holds the values of every owner as the source gave them. */
export const isLinkedInLake = (campus: Pick<Campus, 'privacy'>, { links }: DatasetLinks): boolean =>
  links.every(({ column }) => treatmentOf(campus, column) === 'keep');

/** The kind of pseudonym that a link's column becomes where it is pseudonymised. */
export const pseudonymKindOf = ({ column }: PersonLink): string => pseudonymNamespaceOf(column);
