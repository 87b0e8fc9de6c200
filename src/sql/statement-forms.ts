import { SqlError } from './errors.ts';
import { refuseForeignSigns } from './foreign-signs.ts';
import { nearKeyword } from './syntax-error.ts';
import { placeAt } from './tree.ts';
import { isWord, type Word, wordsOf } from './words.ts';

/** What a statement of the lake begins with. */
const BEGINNINGS = ['SELECT', 'WITH', 'VALUES', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN'];

/** Statements that other programs know, and what is written here. */
const OTHER_FORMS: { readonly [first: string]: readonly [message: string, hint: string] } = {
  TABLE: ['TABLE is not a statement that every engine has.', 'write SELECT * FROM and the table'],
  FROM: ['A statement does not begin with FROM.', 'write SELECT * FROM and the table'],
  SUMMARIZE: [
    'Athena has no SUMMARIZE.',
    'write SELECT count(*), min(x), max(x) FROM the table; DESCRIBE lists its columns',
  ],
  PIVOT: ['Athena has no PIVOT.', "write a column for each value: count_if(status = 'late') AS late"],
  UNPIVOT: [
    'Athena has no UNPIVOT.',
    "write SELECT id, 'a' AS name, a AS value FROM t UNION ALL SELECT id, 'b', b FROM t",
  ],
  USE: ['There is no database to be chosen.', 'name it before each table: campus.students'],
  SET: ['There are no settings to change.', 'the lake has the same ones for everybody'],
  PREPARE: [
    'Statements are not prepared here.',
    'lake query --param term=2026FA "SELECT … WHERE term = :term"',
  ],
  EXECUTE: [
    'Statements are not prepared here.',
    'lake query --param term=2026FA "SELECT … WHERE term = :term"',
  ],
  HELP: ['"help" is not a statement.', '`lake query --help` explains the command, docs/sql.md the language'],
  QUIT: ['"quit" is not a statement.', '\\q leaves the interactive shell'],
  EXIT: ['"exit" is not a statement.', '\\q leaves the interactive shell'],
};

/** Statements that change data, tables, rights or the engine, of any engine. */
const CHANGES = new Set(
  `ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT COMMENT COMMIT COPY CREATE DEALLOCATE DELETE DENY DETACH DROP EXPORT
   FORCE GRANT IMPORT INSERT INSTALL LOAD MERGE MSCK OPTIMIZE PRAGMA REFRESH RENAME REPLACE RESET REVOKE ROLLBACK
   START TRUNCATE UNLOAD UPDATE UPSERT VACUUM`.split(/\s+/),
);
const OBJECTS = ['TABLE', 'VIEW', 'SCHEMA', 'DATABASE', 'FUNCTION', 'ROLE', 'MACRO'];

/**
 * Refuses every text that does not begin as a statement of the lake does, by its first word, and signs of other
 * languages, which the parser would take.
 * @returns what asks about tables rather than for their rows
 * @throws SqlError
 */
export function refuseOtherForms(text: string): 'show' | 'describe' | undefined {
  const words = wordsOf(text).filter(({ text: word }) => word !== ';');
  const first = words[0];
  if (first === undefined) {
    throw new SqlError(
      /^[\s;]*$/.test(text) ? 'There is no SQL to run.' : 'There is no SQL to run: this is only a comment.',
      { hint: 'write a SELECT' },
    );
  }
  if (first.kind !== 'word' || isWord(first, ...BEGINNINGS)) {
    refuseForeignSigns(text);
    if (isWord(first, 'EXPLAIN')) {
      throw new SqlError('EXPLAIN is written before a SELECT, in a statement of its own.', {
        place: placeAt(text, first.start),
        hint: 'ask it with lake query',
      });
    }
    if (isWord(first, 'SHOW')) return 'show';
    return isWord(first, 'DESCRIBE', 'DESC') ? 'describe' : undefined;
  }
  const place = placeAt(text, first.start);
  const [message, hint] = inOtherWords(first, words[1]);
  throw new SqlError(message, { place, hint });
}

function inOtherWords(first: Word, second: Word | undefined): readonly [message: string, hint: string] {
  const word = first.text.toUpperCase();
  if (Object.hasOwn(OTHER_FORMS, word)) return OTHER_FORMS[word]!;
  if (CHANGES.has(word)) {
    const object = isWord(second, ...OBJECTS) ? ` ${second!.text.toUpperCase()}` : '';
    return [
      `Only questions can be asked: ${word}${object} would change something.`,
      'write a SELECT; what shall be kept as a table belongs in models/',
    ];
  }
  const meant = nearKeyword(first.text, BEGINNINGS);
  return [
    `A statement does not begin with "${first.text.slice(0, 40)}".`,
    meant === undefined
      ? 'write SELECT …, SHOW TABLES, DESCRIBE and a table, or EXPLAIN and a SELECT'
      : `did you mean ${meant}?`,
  ];
}
