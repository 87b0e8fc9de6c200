import type { RowField, RowRules, WatchedField } from '../../../ports/eraser.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { createOwnTable, dropTables, externalTable } from '../athena/glue-tables.ts';
import { freshName } from '../athena/names.ts';
import { resultPages } from '../athena/result-pages.ts';
import { runStatement } from '../athena/run-statement.ts';
import { ident, tableName, text } from '../athena/sql-text.ts';
import { STAGING_FOLDER } from '../places.ts';

/** Between the parts of a key that is compared as one text. */
const SEPARATOR = '\u001f';

/** Texts that were found in a column, or in a key as one text, and are theirs. */
export interface FoundTexts {
  /** Of a column; null for the key. */
  readonly field: RowField | null;
  readonly value: string;
  readonly texts: readonly string[];
}

/** What of the rules is met by the rows of a SELECT. */
export interface Found {
  readonly owners: readonly FoundTexts[];
  readonly key?: FoundTexts;
  /** True of rows in which no owner stands. */
  readonly ownerless: string;
  readonly mentions: readonly FoundTexts[];
}

export const isNothingFound = ({ owners, key, mentions }: Found): boolean =>
  owners.length === 0 && key === undefined && mentions.length === 0;

/** Asks for the distinct texts of every column that decides, and which of them are theirs. */
export async function findTexts(
  context: EngineContext,
  about: string,
  select: string,
  columns: readonly string[],
  rules: RowRules,
): Promise<Found> {
  const held = new Set(columns);
  const of = async (field: WatchedField): Promise<FoundTexts[]> => {
    const value = textOf(field);
    const all = await distinctTexts(context, about, select, value, 'true');
    const texts = all.filter((one) => field.has(one));
    return texts.length > 0 ? [{ field, value, texts }] : [];
  };
  const heldOwners = rules.owners.filter(({ name }) => held.has(name));
  const owners = (await inTurn(heldOwners, of)).flat();
  const ownerless = heldOwners.map(({ name }) => `${ident(name)} IS NULL`).join(' AND ') || 'true';
  const mentions = (
    await inTurn(
      rules.mentions.filter(({ name }) => held.has(name)),
      of,
    )
  ).flat();
  const key = await keyTexts(context, about, select, held, rules, ownerless);
  return { owners, ...(key ? { key } : {}), ownerless, mentions };
}

async function keyTexts(
  context: EngineContext,
  about: string,
  select: string,
  held: ReadonlySet<string>,
  { key }: RowRules,
  ownerless: string,
): Promise<FoundTexts | undefined> {
  if (!key || key.fields.length === 0 || !key.fields.every(({ name }) => held.has(name))) return undefined;
  const value = key.fields.map(textOf).join(` || chr(31) || `);
  const all = await distinctTexts(context, about, select, value, ownerless);
  const texts = all.filter((one) => key.has(one.split(SEPARATOR)));
  return texts.length > 0 ? { field: null, value, texts } : undefined;
}

async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}

async function distinctTexts(
  context: EngineContext,
  about: string,
  select: string,
  value: string,
  where: string,
): Promise<string[]> {
  const sql = `SELECT DISTINCT ${value} AS k FROM (${select}) WHERE (${where}) AND (${value}) IS NOT NULL`;
  const finished = await runStatement(context, sql, { doing: `Reading ${about}`, about });
  const found: string[] = [];
  for await (const { rows } of resultPages(context, finished)) {
    for (const [text] of rows) if (text !== undefined) found.push(text);
  }
  return found;
}

export const textOf = ({ name }: RowField): string => `CAST(${ident(name)} AS varchar)`;

/** What stands for texts in a statement, which itself names nobody: Athena keeps statements for 45 days. */
export interface TextConditions {
  /** True of a row whose value is one of the texts. */
  isOneOf(found: FoundTexts): string;
  /** What takes the place of a value that is one of them. */
  surrogate(found: FoundTexts): string;
}

/**
 * Keeps texts in a table that lives no longer than `work`.
 * @param surrogateOf what takes the place of a text. Default: nothing does
 */
export async function withTexts<T>(
  context: EngineContext,
  table: string,
  sets: readonly FoundTexts[],
  work: (conditions: TextConditions) => Promise<T>,
  surrogateOf?: (text: string) => string,
): Promise<T> {
  const { place, folder } = freshName(context, STAGING_FOLDER, table, 'texts');
  const file = `${folder}/texts.txt`;
  const hex = (value: string) => Buffer.from(value).toString('hex');
  const lines = sets.flatMap(({ texts }, n) =>
    texts.map((one) => [n, hex(one), hex(surrogateOf?.(one) ?? '')].join('\u0001')),
  );
  const { glue, objects } = context;
  await objects.putText(file, `${lines.join('\n')}\n`);
  try {
    const columns = ['n', 't', 's'].map((name) => ({ name, type: 'string' }));
    const location = `${objects.uri(folder)}/`;
    await createOwnTable(
      context,
      place.database,
      externalTable(place.name, { format: 'lines', location, columns }),
    );
    const from = tableName(place);
    return await work({
      isOneOf: (found) =>
        `coalesce((${found.value}) IN (SELECT from_utf8(from_hex(t)) FROM ${from} WHERE n = ${text(`${sets.indexOf(found)}`)}), false)`,
      surrogate: (found) =>
        `element_at((SELECT map_agg(from_utf8(from_hex(t)), from_utf8(from_hex(s))) FROM ${from} WHERE n = ${text(`${sets.indexOf(found)}`)}), ${found.value})`,
    });
  } finally {
    await dropTables(glue, place.database, [place.name]).catch(() => undefined);
    await objects.delete([file]).catch(() => undefined);
  }
}
