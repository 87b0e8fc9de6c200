import type { Idioms } from '../idioms/idiom.ts';

/** Tables made of a SELECT: what a type or a value becomes when it is stored and read again. */
export const TABLES: Idioms = {
  'every type': `SELECT CAST(9007199254740993 AS bigint) AS big, CAST(-7 AS integer) AS whole,
    CAST(0.1e0 AS double) AS floating, CAST(12.30 AS decimal(6,2)) AS exact, 'Zoë 李雷' AS words,
    true AS truth, DATE '2024-02-29' AS day, TIMESTAMP '2026-03-08 07:59:59.123' AS instant`,
  'every type, empty': `SELECT CAST(NULL AS bigint) AS big, CAST(NULL AS integer) AS whole,
    CAST(NULL AS double) AS floating, CAST(NULL AS decimal(6,2)) AS exact, CAST(NULL AS varchar) AS words,
    CAST(NULL AS boolean) AS truth, CAST(NULL AS date) AS day, CAST(NULL AS timestamp) AS instant`,
  'no rows': 'SELECT id, name, gpa, credits, admitted FROM students WHERE id > 100',
  'doubles at their ends': 'SELECT x FROM (VALUES 1.7976931348623157e308, 5e-324, -0e0, 0.1e0) AS v(x)',
  'not a number': 'SELECT nan() AS nothing, infinity() AS much',
  'an empty text beside none':
    "SELECT x FROM (VALUES '', CAST(NULL AS varchar), ' ', 'a''b', 'a\\b') AS v(x)",
  'days before the calendar':
    "SELECT x FROM (VALUES DATE '1582-10-15', DATE '1900-01-01', DATE '9999-12-31') AS v(x)",
  'instants around a change of clocks': 'SELECT id, due_at, handed_in_at FROM work',
  'sums and counts': `SELECT course, count(*) AS pieces, count(score) AS scored, sum(score) AS total, avg(score) AS mean,
    min(due_at) AS first_due FROM work GROUP BY course`,
  'sums of decimals':
    'SELECT program, sum(gpa) AS total, sum(credits) AS credits, max(gpa) AS best FROM students GROUP BY program',
  'whole numbers divided': 'SELECT id, credits / 4 AS quarter, credits % 4 AS rest FROM students',
  'a join with empty sides': `SELECT s.id, s.name, w.course, w.score IS NULL AS is_open
    FROM students s LEFT JOIN work w ON w.student_id = s.id`,
  'places in a window': `SELECT id, row_number() OVER (ORDER BY gpa DESC, id) AS place,
    rank() OVER (PARTITION BY program ORDER BY gpa) AS place_in_program FROM students`,
  'a union of types': 'SELECT id AS x FROM work UNION ALL SELECT id FROM students',
  'choices and defaults': `SELECT id, CASE WHEN credits >= 30 THEN 'many' ELSE 'few' END AS words,
    coalesce(program, 'none') AS program FROM students`,
};
