import { queryTables } from '../access/query.ts';
import { hasPlaces, idText, type LakeType } from '../campus/lake-type.ts';
import { treatmentOf } from '../campus/treatment.ts';
import { listStates } from '../loads/dataset-state.ts';
import { stagedOf } from '../loads/state.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { pseudonymOf } from '../privacy/pseudonym.ts';
import { pseudonymKeys } from '../privacy/pseudonym-keys.ts';
import { SubjectError } from './errors.ts';
import { type DatasetLinks, linksOf, PERSON, type PersonLink, pseudonymKindOf, rowKind } from './links.ts';
import type { Sought } from './rules.ts';
import { joinedKey } from './suppression.ts';

export type Asking = Uses<
  'campus' | 'catalog' | 'session' | 'access' | 'objects' | 'ledger' | 'engine' | 'secrets'
>;

/** Every number and key by which the lake knows one person, in plain text: it is never stored. */
export class Closure implements Sought {
  readonly #texts = new Map<string, Map<string, string>>();

  /** @returns whether it is new */
  add(kind: string, text: string): boolean {
    const own = this.#texts.get(kind) ?? new Map<string, string>();
    this.#texts.set(kind, own);
    const canonical = text.trim().toLowerCase();
    if (own.has(canonical)) return false;
    own.set(canonical, text);
    return true;
  }

  has(kind: string, text: string): boolean {
    return this.#texts.get(kind)?.has(text.trim().toLowerCase()) ?? false;
  }

  /** Nothing is masked while one is only looked for. */
  surrogateOf(): string {
    return '';
  }

  kinds(): string[] {
    return [...this.#texts.keys()].sort();
  }

  texts(kind: string): string[] {
    return [...(this.#texts.get(kind)?.values() ?? [])].sort();
  }
}

/** The newest staged version of every dataset, published or not. */
export async function stagedVersions({ platform }: Uses<'ledger'>): Promise<Record<string, TableVersion>> {
  const found: Record<string, TableVersion> = {};
  for (const state of await listStates(platform.ledger)) {
    const version = stagedOf(state)?.version;
    if (version) found[state.dataset] = version;
  }
  return found;
}

/** `canvas:42` asks by a user's number in an LMS; everything else is a number of the SIS. */
function seedOf(lake: Asking, student: string): { kind: string; text: string } {
  const [, source = '', id = ''] = /^([a-z][a-z0-9_]*):(\d+)$/.exec(student.trim()) ?? [];
  const users = lake.catalog.datasets.find((dataset) => dataset.id === `${source}.users`);
  return users ? { kind: rowKind(users.id), text: id } : { kind: PERSON, text: student.trim() };
}

/**
 * Everything by which one person is known: other numbers of the SIS, users of the LMS that were merged into theirs or
 * theirs into them, every login, and the keys of rows on which other rows hang.
 * @param student a number of the SIS, or `canvas:` and the number of a user
 * @throws SubjectError where nothing in the lake has that number
 */
export async function closureOf(lake: Asking, student: string): Promise<Closure> {
  const tables = await stagedVersions(lake);
  const links = linksOf(lake);
  const closure = new Closure();
  const { kind, text } = seedOf(lake, student);
  await addNumber(lake, closure, links, kind, text);
  let rows = 0;
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of links.filter(({ isIdentity }) => isIdentity)) {
      for (const { owners } of await rowsOfPerson(lake, tables, one, closure)) {
        rows++;
        for (const owner of owners)
          grown = (await addNumber(lake, closure, links, owner.kind, owner.text)) || grown;
      }
    }
  }
  const parents = new Set(links.flatMap((one) => one.links.map((link) => link.kind)));
  for (const one of links) {
    const isParent = parents.has(rowKind(one.dataset.id)) && !one.isIdentity;
    if (!isParent && rows > 0) continue;
    for (const { key } of await rowsOfPerson(lake, tables, one, closure)) {
      rows++;
      if (isParent && key) closure.add(rowKind(one.dataset.id), joinedKey(key));
    }
  }
  if (rows === 0) {
    throw new SubjectError('Nothing in the lake is about a person of that number.', {
      hint: 'give a number of the student information system, or canvas: and the number of a user, as canvas:4711',
    });
  }
  return closure;
}

/** A number, and the pseudonym that the lake's tables have in its place. */
async function addNumber(
  lake: Asking,
  closure: Closure,
  links: readonly DatasetLinks[],
  kind: string,
  text: string,
): Promise<boolean> {
  const isNew = closure.add(kind, text);
  if (!isNew) return isNew;
  const hidden = new Set(
    links.flatMap((one) =>
      one.links.filter((link) => link.kind === kind && isHidden(lake, link)).map(pseudonymKindOf),
    ),
  );
  if (hidden.size === 0) return isNew;
  const keys = await pseudonymKeys(lake);
  if (keys.length === 0) return isNew;
  for (const namespace of hidden) closure.add(kind, pseudonymOf(text, namespace, keys));
  return isNew;
}

const isHidden = ({ campus }: Uses<'campus'>, { column }: PersonLink): boolean =>
  treatmentOf(campus, column) === 'pseudonym';

interface OwnRow {
  readonly key?: string[];
  readonly owners: { readonly kind: string; readonly text: string }[];
}

/** The keys and owners of a person's rows in the lake's table. */
async function rowsOfPerson(
  lake: Asking,
  tables: TableSet,
  links: DatasetLinks,
  closure: Closure,
): Promise<OwnRow[]> {
  const version = tables[links.dataset.id];
  const where = version && whereOf(version, links, closure);
  if (!where) return [];
  const held = new Map(version.columns.map(({ name, type }) => [name, type]));
  const typeOf = (name: string) => held.get(name)!;
  const key = links.dataset.key.filter((name) => held.has(name));
  const owners = ownersIn(version, links);
  const columns = [...key, ...owners.map(({ column }) => column.name)];
  const list = columns.map((name) => `CAST("${name}" AS varchar)`).join(', ');
  const rows: OwnRow[] = [];
  const sql = `SELECT ${list} FROM ${version.table} WHERE ${where}`;
  const result = await queryTables(lake, sql, { [version.table]: version }, { isOwn: true });
  for await (const batch of result.batches()) {
    for (const cells of batch) {
      const texts = cells.map((cell) => (cell === null ? null : String(cell)));
      const ownKey = texts
        .slice(0, key.length)
        .flatMap((text, i) => (text === null ? [] : [idText(text, typeOf(key[i]!))]));
      rows.push({
        ...(ownKey.length === links.dataset.key.length && ownKey.length > 0 ? { key: ownKey } : {}),
        owners: owners.flatMap(({ kind, column }, i) => {
          const text = texts[key.length + i];
          return text === null || text === undefined
            ? []
            : [{ kind, text: idText(text, typeOf(column.name)) }];
        }),
      });
    }
  }
  return rows;
}

const ownersIn = (version: TableVersion, { links }: DatasetLinks): PersonLink[] => {
  const held = new Set(version.columns.map(({ name }) => name));
  return links.filter(({ role, column }) => role === 'owner' && held.has(column.name));
};

/** Numbers in one condition: a longer text than this no engine takes. */
const AT_MOST = 20_000;

/**
 * A condition that is true of a person's rows; undefined where nothing in this table can be theirs.
 * @throws SubjectError for a person of more rows than a statement can name
 */
export function whereOf(version: TableVersion, links: DatasetLinks, closure: Closure): string | undefined {
  const held = new Map(version.columns.map(({ name, type }) => [name, type]));
  const parts = ownersIn(version, links).flatMap(({ column, kind }) =>
    condition({ name: column.name, type: held.get(column.name)! }, closure.texts(kind)),
  );
  return parts.length > 0 ? parts.join(' OR ') : undefined;
}

/** `column` is one of these texts, whatever its type and the case of its letters. */
export function condition(
  { name, type }: { readonly name: string; readonly type: LakeType },
  texts: readonly string[],
): string[] {
  if (texts.length === 0) return [];
  if (texts.length > AT_MOST) {
    throw new SubjectError(
      `The person has ${texts.length} rows on which others hang: too many for one statement.`,
    );
  }
  const list = texts.map((text) => `'${text.trim().toLowerCase().replaceAll("'", "''")}'`).join(', ');
  const value = `CAST("${name}" AS varchar)`;
  const id = hasPlaces(type) ? `regexp_replace(${value}, '^(-?[0-9]+)[.]0+$', '$1')` : value;
  return [`lower(trim(${id})) IN (${list})`];
}
