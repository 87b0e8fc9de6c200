import { didYouMean, nearest } from '../campus/nearest.ts';
import type { Cell, QueryResult } from '../ports/query-engine.ts';
import type { TableSet } from '../ports/tables.ts';
import { SqlError } from './errors.ts';
import { SHARED_FUNCTIONS } from './functions/all.ts';
import type { ParsedStatement } from './parse.ts';
import { placeAt } from './tree.ts';
import { isWord, type Word, wordsOf } from './words.ts';

/**
 * Answers SHOW and DESCRIBE from the list of tables, in the shapes that Athena's users know.
 * Source of the forms: https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
 * @throws SqlError for a form that is not answered, and for a table or a database that there is not
 */
export function answerAboutTables({ text, kind }: ParsedStatement, tables: TableSet): QueryResult {
  const words = wordsOf(text).filter(({ text: word }) => word !== ';');
  const about: About = { text, tables, words, at: kind === 'describe' ? 1 : 2 };
  if (kind === 'describe') return describe(about);
  const what = words[1];
  const form = what?.text.toUpperCase() ?? '';
  const answer = Object.hasOwn(FORMS, form) ? FORMS[form] : undefined;
  if (answer) return answer(about);
  throw new SqlError(form === '' ? 'SHOW says not what.' : `SHOW ${form} is not answered here.`, {
    place: placeAt(text, (what ?? words[0]!).start),
    hint: `${nearest(form, Object.keys(FORMS)) === undefined ? '' : `did you mean SHOW ${nearest(form, Object.keys(FORMS))}? `}${HINT}`,
  });
}

const HINT =
  "SHOW TABLES [IN database] [LIKE 'x%'], SHOW DATABASES, SHOW COLUMNS FROM a table, SHOW FUNCTIONS and DESCRIBE a table are answered";

/** A statement that is read word by word. */
interface About {
  readonly text: string;
  readonly tables: TableSet;
  readonly words: readonly Word[];
  /** The next word. */
  at: number;
}

const FORMS: { readonly [form: string]: (about: About) => QueryResult } = {
  TABLES: (about) => {
    const database = after(about, 'FROM', 'IN') ? knownDatabase(about) : undefined;
    const fits = pattern(about);
    ended(about);
    const names = Object.keys(about.tables).sort();
    const own = (name: string) => name.slice(name.indexOf('.') + 1);
    const found =
      database === undefined
        ? names.filter((name) => fits(name) || fits(own(name)))
        : names
            .filter((name) => name.startsWith(`${database}.`))
            .map(own)
            .filter(fits);
    return result(
      ['tab_name'],
      found.map((name) => [name]),
    );
  },
  DATABASES: databases,
  SCHEMAS: databases,
  COLUMNS: (about) => {
    if (!after(about, 'FROM', 'IN')) throw missing(about, 'SHOW COLUMNS FROM campus.students');
    const { columns } = tableAt(about);
    const fits = pattern(about);
    ended(about);
    return result(
      ['field'],
      columns.filter(({ name }) => fits(name)).map(({ name }) => [name]),
    );
  },
  FUNCTIONS: (about) => {
    const fits = pattern(about);
    ended(about);
    return result(
      ['function'],
      [...SHARED_FUNCTIONS]
        .sort()
        .filter(fits)
        .map((name) => [name]),
    );
  },
  CREATE: (about) => {
    throw new SqlError('The tables of the lake are not made by a CREATE TABLE that could be shown.', {
      place: placeAt(about.text, about.words[1]!.start),
      hint: 'DESCRIBE shows the columns of a table; `lake describe` also what they mean, and models/ how a mart is made',
    });
  },
};

function databases(about: About): QueryResult {
  const fits = pattern(about);
  ended(about);
  return result(
    ['database_name'],
    databasesOf(about.tables)
      .filter(fits)
      .map((name) => [name]),
  );
}

function describe(about: About): QueryResult {
  // `DESCRIBE TABLE t`, `DESCRIBE EXTENDED t` and `DESCRIBE FORMATTED t` ask for the same here.
  after(about, 'TABLE', 'EXTENDED', 'FORMATTED');
  if (about.words[about.at] === undefined) throw missing(about, 'DESCRIBE campus.students');
  const { columns } = tableAt(about);
  ended(about);
  return result(
    ['col_name', 'data_type'],
    columns.map(({ name, type }) => [name, type]),
  );
}

/** Takes the next word where it is one of these. */
function after(about: About, ...texts: readonly string[]): boolean {
  if (!isWord(about.words[about.at], ...texts)) return false;
  about.at += 1;
  return true;
}

const databasesOf = (tables: TableSet): string[] =>
  [...new Set(Object.keys(tables).map((name) => name.split('.')[0]!))].sort();

/** A name with its parts, as `a.b`, `"a"."b"` or `"a.b"`, and where it begins. */
function nameAt(about: About): { readonly name: string; readonly word: Word } {
  const word = about.words[about.at];
  const parts: string[] = [];
  for (;;) {
    const next = about.words[about.at];
    if (word === undefined || (next?.kind !== 'word' && next?.kind !== 'name')) {
      throw missing(about, 'database.table: campus.students');
    }
    parts.push(next.kind === 'word' ? next.text : next.text.slice(1, -1).replaceAll('""', '"'));
    about.at += 1;
    if (about.words[about.at]?.text !== '.') return { name: parts.join('.').toLowerCase(), word };
    about.at += 1;
  }
}

function knownDatabase(about: About): string {
  const { name, word } = nameAt(about);
  const known = databasesOf(about.tables);
  if (known.includes(name)) return name;
  throw new SqlError(`There is no database "${name}"${didYouMean(name, known) || '.'}`, {
    place: placeAt(about.text, word.start),
    hint: `the databases are ${known.join(', ')}`,
  });
}

function tableAt(about: About): TableSet[string] {
  const { name: first, word } = nameAt(about);
  // Athena also takes the database behind the table: SHOW COLUMNS FROM t IN d.
  const name = !first.includes('.') && after(about, 'FROM', 'IN') ? `${nameAt(about).name}.${first}` : first;
  const version = Object.hasOwn(about.tables, name) ? about.tables[name] : undefined;
  if (version) return version;
  const names = Object.keys(about.tables);
  const guess = names.find((known) => known.split('.')[1] === name.split('.').at(-1)) ?? nearest(name, names);
  throw new SqlError(`There is no table "${name}".`, {
    place: placeAt(about.text, word.start),
    hint: guess === undefined ? 'SHOW TABLES lists the tables' : `did you mean "${guess}"?`,
  });
}

/**
 * The pattern of LIKE, or of Hive, which Athena takes too: `%` and `*` stand for any letters, `_` for one, `|` is or.
 * Without one everything fits.
 */
function pattern(about: About): (name: string) => boolean {
  const isLike = after(about, 'LIKE');
  const word = about.words[about.at];
  if (word?.kind !== 'text') {
    if (isLike) throw missing(about, "LIKE 'students%'");
    return () => true;
  }
  about.at += 1;
  const written = word.text.slice(1, -1).replaceAll("''", "'").toLowerCase();
  const source = written
    .split('|')
    .map((one) =>
      one
        .replaceAll(/[.*+?^${}()[\]\\]/g, '\\$&')
        .replaceAll(/%|\\\*/g, '.*')
        .replaceAll('_', '.'),
    )
    .join('|');
  const shape = new RegExp(`^(?:${source})$`);
  return (name) => shape.test(name.toLowerCase());
}

function ended(about: About): void {
  const word = about.words[about.at];
  if (word === undefined) return;
  throw new SqlError(`The SQL cannot be read at "${word.text.slice(0, 40)}".`, {
    place: placeAt(about.text, word.start),
    hint: HINT,
  });
}

function missing(about: About, example: string): SqlError {
  const word = about.words[about.at] ?? about.words.at(-1)!;
  return new SqlError('The SQL ends too early or cannot be read.', {
    place: placeAt(about.text, word.start),
    hint: `write ${example}`,
  });
}

function result(names: string[], rows: Cell[][]): QueryResult {
  return {
    columns: names.map((name) => ({ name, type: 'varchar' })),
    async *batches() {
      if (rows.length > 0) yield rows;
    },
  };
}
