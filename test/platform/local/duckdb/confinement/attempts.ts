/** Ways to read a file, or what lies in a folder, for which `f` stands as a quoted text and `"f"` as a quoted name. */
const READING = `
SELECT * FROM f
SELECT * FROM "f"
FROM f
FROM "f" SELECT *
TABLE "f"
VALUES ((SELECT max(COLUMNS(*)) FROM f))
SELECT * FROM (FROM "f")
SELECT * FROM (TABLE "f")
SELECT (FROM "f" LIMIT 1)
SELECT (TABLE "f")
SELECT ARRAY(FROM "f")
SELECT EXISTS (FROM "f")
SELECT 1 IN (FROM "f")
SELECT * FROM read_parquet(f)
SELECT * FROM parquet_scan(f)
SELECT * FROM read_csv(f)
SELECT * FROM read_csv_auto(f)
SELECT * FROM read_json(f)
SELECT * FROM read_json_auto(f)
SELECT * FROM read_json_objects(f)
SELECT * FROM read_ndjson(f)
SELECT * FROM read_text(f)
SELECT * FROM read_blob(f)
SELECT * FROM read_text([f])
SELECT * FROM read_parquet([f, f], union_by_name = true)
SELECT * FROM main.read_text(f)
SELECT * FROM system.main.read_text(f)
SELECT * FROM TABLE(read_text(f))
SELECT * FROM LATERAL read_text(f)
SELECT * FROM parquet_metadata(f)
SELECT * FROM parquet_schema(f)
SELECT * FROM parquet_file_metadata(f)
SELECT * FROM parquet_kv_metadata(f)
SELECT * FROM parquet_bloom_probe(f, 'body', 'x')
SELECT * FROM sniff_csv(f)
SELECT * FROM glob(f)
SELECT * FROM query('SELECT * FROM ''f''')
SELECT * FROM query_table(f)
SELECT * FROM query_table([f])
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM "f"'))
SELECT json_serialize_plan('SELECT * FROM "f"')
SELECT * FROM st_read(f)
SELECT * FROM sqlite_scan(f, 't')
SELECT * FROM postgres_scan(f, 'public', 't')
SELECT * FROM iceberg_scan(f)
SELECT * FROM delta_scan(f)
SELECT * FROM read_duckdb(f)
SELECT * FROM (SUMMARIZE f)
SELECT * FROM (SUMMARIZE "f")
SELECT * FROM (DESCRIBE f)
SELECT * FROM (DESCRIBE SELECT * FROM "f")
SUMMARIZE f
DESCRIBE f
SELECT * FROM (PIVOT "f" ON body USING count(*))
SELECT * FROM (PIVOT f ON id USING max(body))
SELECT * FROM (PIVOT (FROM f) ON id USING max(body))
SELECT * FROM (UNPIVOT "f" ON COLUMNS(*))
SELECT * FROM "f" PIVOT (count(*) FOR id IN (1))
WITH t AS (PIVOT "f" ON id USING max(body)) SELECT * FROM t
WITH t AS (SUMMARIZE f) SELECT * FROM t
WITH t AS (FROM "f") SELECT * FROM t
WITH t AS (TABLE "f") SELECT * FROM t
WITH t AS MATERIALIZED (SELECT * FROM "f") SELECT * FROM t
WITH a AS (SELECT * FROM "f"), "f" AS (SELECT 1 AS x) SELECT * FROM a
WITH RECURSIVE t AS (SELECT * FROM "f" UNION ALL SELECT * FROM t WHERE false) SELECT * FROM t
SELECT * FROM campus.students AS s JOIN "f" AS t ON true
SELECT * FROM campus.students AS s, "f" AS t
SELECT * FROM campus.students POSITIONAL JOIN "f"
SELECT * FROM campus.students AS s ASOF JOIN "f" AS t ON s.id >= t.id
SELECT * FROM campus.students NATURAL JOIN "f"
SELECT * FROM campus.students SEMI JOIN "f" USING (id)
SELECT * FROM campus.students AS s CROSS JOIN LATERAL (SELECT * FROM "f") AS t
SELECT * FROM ("f" JOIN campus.students USING (id))
SELECT * FROM "f" TABLESAMPLE 100%
SELECT * FROM "f" AT (VERSION => 1)
SELECT * FROM "f" LIMIT 5
SELECT COLUMNS('body') FROM "f"
SELECT * EXCLUDE (id) FROM "f"
SELECT * REPLACE (1 AS id) FROM "f"
SELECT name FROM campus.students WHERE name IN (SELECT body FROM "f")
SELECT name FROM campus.students WHERE name <> ALL (SELECT body FROM "f")
SELECT name FROM campus.students UNION ALL BY NAME SELECT * FROM "f"
SELECT id FROM campus.students EXCEPT SELECT id FROM "f"
SELECT name FROM campus.students ORDER BY (SELECT max(body) FROM "f")
SELECT name FROM campus.students LIMIT (SELECT count(*) FROM "f")
SELECT count(*) FILTER (WHERE EXISTS (FROM "f")) FROM campus.students
SELECT max((SELECT body FROM "f" LIMIT 1)) OVER () FROM campus.students
SELECT list((SELECT body FROM "f" LIMIT 1))
SELECT {'a': (SELECT body FROM "f" LIMIT 1)}
SELECT MAP {'a': (SELECT body FROM "f" LIMIT 1)}
SELECT [(SELECT body FROM "f" LIMIT 1)]
SELECT [x FOR x IN (SELECT list(body) FROM "f")]
SELECT CASE WHEN true THEN (SELECT max(body) FROM "f") END
SELECT CAST((SELECT max(body) FROM "f") AS varchar)
SELECT list_transform(['f'], x -> (SELECT max(content) FROM read_text(x)))
SELECT (SELECT max(content) FROM read_text(f))
SELECT f.read_text()
SELECT getenv(f)
SELECT * FROM getvariable(f)
SET VARIABLE v = f; SELECT * FROM query_table(getvariable('v'))
CREATE VIEW campus.w AS SELECT * FROM "f"; SELECT * FROM campus.w
CREATE TABLE campus.w AS FROM "f"; FROM campus.w
CREATE MACRO w() AS TABLE SELECT * FROM "f"; SELECT * FROM w()
CREATE TEMP TABLE w AS FROM "f"; FROM w
INSERT INTO campus.students FROM "f"; FROM campus.students
PREPARE p AS SELECT * FROM "f"; EXECUTE p
COPY (FROM "f") TO STDOUT
CREATE TABLE w (id varchar, body varchar); COPY w FROM f; FROM w
COPY (SELECT 1) TO f
COPY campus.students TO f
EXPORT DATABASE f
IMPORT DATABASE f
ATTACH f AS w; SELECT * FROM w.sqlite_master
ATTACH f (TYPE sqlite)
ATTACH f (READ_ONLY)
LOAD f
INSTALL f
SET temp_directory = f
SET file_search_path = f; SELECT * FROM "notes.csv"
SET home_directory = f
SET allowed_paths = [f]; SELECT * FROM "f"
SET allowed_directories = [f]; SELECT * FROM "f"
SET enable_external_access = true; SELECT * FROM "f"
SET lock_configuration = false; SET enable_external_access = true; SELECT * FROM "f"
RESET allowed_paths; SELECT * FROM "f"
PRAGMA enable_logging; SELECT * FROM duckdb_logs
SELECT write_log(f)
CALL read_text(f)
EXPLAIN ANALYZE SELECT * FROM "f"
`;

/** Lists what lies around a file, of whose folder `d` is the quoted path. */
const LISTING = `
SELECT * FROM glob(d || '/*')
SELECT * FROM glob('d/**')
SELECT * FROM read_text('d/*')
SELECT * FROM read_blob('d/**')
SELECT * FROM read_csv('d/*.csv')
SELECT * FROM read_parquet('d/**/*.parquet', filename = true)
SELECT * FROM read_parquet('d/*/../**')
SELECT * FROM 'd/*.csv'
SELECT * FROM "d/*.csv"
SELECT * FROM (PIVOT "d/*.csv" ON id USING count(*))
SELECT * FROM (SUMMARIZE 'd/*.csv')
SELECT * FROM query_table('d/*.csv')
SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_views()
SELECT * FROM duckdb_databases()
SELECT * FROM duckdb_temporary_files()
SELECT * FROM duckdb_external_file_cache()
SELECT * FROM duckdb_secrets()
SELECT current_setting('allowed_directories')
SELECT * FROM pragma_database_list
PRAGMA database_list
PRAGMA show_tables_expanded
`;

const lines = (list: string) => list.trim().split('\n');

/** Every way to read each of these files. */
export function readingAttempts(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    lines(READING).map((way) =>
      way
        .replaceAll('"f"', `"${path}"`)
        .replaceAll("'f'", `'${path}'`)
        .replaceAll(/\bf\b(?!\()/g, `'${path}'`),
    ),
  );
}

export const listingAttempts = (folder: string): string[] =>
  lines(LISTING).map((way) =>
    way
      .replaceAll(/'d\b/g, `'${folder}`)
      .replaceAll(/"d\b/g, `"${folder}`)
      .replaceAll(/\bd\b(?=\s*\|\|)/g, `'${folder}'`),
  );

/** Other ways to name a file of the lake, or one outside. */
export const spellingsOf = (root: string, file: string): string[] => [
  file,
  `file://${file}`,
  `./${file}`,
  file.replace(root, `${root}/.tmp/engine/../..`),
  file.replace(root, `${root}/raw/..`),
  file.replace(/\/([^/]+)$/, '//$1'),
  file.replace(/.(\.[a-z]+)$/, '?$1'),
];
