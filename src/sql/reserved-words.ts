import type { Word } from './words.ts';

/** Words of SQL that stand between its parts, in the order of a SELECT where they have one. */
export const CLAUSES = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'OFFSET', 'LIMIT'];
/** Words of SQL that a misspelt one may have meant. */
export const KEYWORDS = [
  ...CLAUSES,
  ...'AND AS BETWEEN BY CASE CAST CROSS DISTINCT ELSE END EXCEPT EXISTS FULL INNER INTERSECT JOIN LEFT'.split(
    ' ',
  ),
  ...'LIKE NOT NULL ON OR OUTER OVER PARTITION RIGHT THEN UNION USING VALUES WHEN WITH'.split(' '),
];

/**
 * Words that are never a name unless they stand in double quotes.
 * Source: https://trino.io/docs/476/language/reserved.html
 */
export const RESERVED = new Set(
  `ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH
   CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP
   ELSE END ESCAPE EXCEPT EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT
   INTO IS JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME
   LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN
   TRIM TRUE UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH`.split(/\s+/),
);

/** What is wrong at a place: the word there, what to say, and how to write it. */
export type Finding = readonly [at: Word | undefined, message: string, hint?: string];
