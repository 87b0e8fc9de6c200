/** A way to learn what is hidden: statements of one session, and how PostgreSQL refuses the last; undefined: it answers. */
export interface Attempt {
  readonly of: string;
  readonly sql: readonly string[];
  /** SQLSTATE. */
  readonly code?: string;
}

const DENIED = '42501';
const NO_TABLE = '42P01';
const NO_COLUMN = '42703';
const NO_SCHEMA = '3F000';

const attempt = (of: string, code: string | undefined, ...sql: string[]): Attempt => ({
  of,
  sql,
  ...(code === undefined ? {} : { code }),
});

/**
 * Ways to learn of `instructor F1`, as a login of PostgreSQL, what the policy keeps back: the columns `ssn` and `born`,
 * the rows of S3 and S4, the table `advising`.
 */
export const POSTGRES_ATTEMPTS: readonly Attempt[] = [
  // The whole tables, by every name and command that reads a table.
  attempt('the whole table', DENIED, 'SELECT * FROM sis.persons'),
  attempt('its whole rows', DENIED, 'SELECT p FROM sis.persons p'),
  attempt('TABLE', DENIED, 'TABLE sis.persons'),
  attempt('COPY of the table', DENIED, 'COPY sis.persons TO STDOUT'),
  attempt('COPY of a query', DENIED, 'COPY (SELECT ssn FROM sis.persons) TO STDOUT'),
  attempt('COPY to a file', DENIED, "COPY persons TO '/tmp/persons'"),
  attempt('COPY to a program', DENIED, "COPY persons TO PROGRAM 'cat'"),
  attempt('a lookup', DENIED, 'SELECT * FROM lake_access.logins'),
  attempt('what attributes others have', DENIED, 'SELECT attributes FROM lake_access.logins'),
  attempt('the view of another role', DENIED, 'SELECT * FROM analyst__sis.persons'),
  attempt('the view of another purpose', DENIED, 'SELECT * FROM adviser__aid__sis.persons'),
  attempt('the notes of loads', DENIED, 'SELECT * FROM lake_internal.fillings'),
  attempt('the number of rows of the whole table', DENIED, 'SELECT row_count FROM mart.lake_tables'),
  attempt('a table of its type', DENIED, "SELECT * FROM json_populate_record(NULL::sis.persons, '{}')"),
  attempt(
    'a name on the search path',
    NO_TABLE,
    'SET search_path = sis, instructor__sis',
    'SELECT * FROM advising',
  ),
  attempt(
    'the whole table first on the path',
    undefined,
    'SET search_path = sis, instructor__sis',
    'SELECT * FROM persons',
  ),
  attempt('a lock on the whole table', DENIED, 'BEGIN', 'LOCK TABLE sis.persons'),
  attempt('rows by their place', NO_COLUMN, 'SELECT ctid FROM persons'),
  attempt('rows by their transaction', NO_COLUMN, 'SELECT xmin FROM persons'),
  attempt('a sample of the table', '0A000', 'SELECT * FROM persons TABLESAMPLE SYSTEM (100)'),
  // Hidden columns of the view.
  attempt('a hidden column', NO_COLUMN, 'SELECT ssn FROM persons'),
  attempt('a hidden column of a row', NO_COLUMN, 'SELECT (p).ssn FROM persons p'),
  attempt('a hidden column in a condition', NO_COLUMN, "SELECT name FROM persons WHERE ssn = '333'"),
  attempt('a hidden column in an order', NO_COLUMN, 'SELECT name FROM persons ORDER BY ssn'),
  attempt('a hidden column of a join', NO_COLUMN, 'SELECT 1 FROM persons a JOIN persons b USING (ssn)'),
  attempt('the whole row as JSON', undefined, 'SELECT row_to_json(p) FROM persons p'),
  attempt('the whole row as text', undefined, 'SELECT p::text FROM persons p'),
  attempt('the row as XML', undefined, "SELECT table_to_xml('persons', true, false, '')"),
  attempt('the schema as XML', undefined, "SELECT schema_to_xml('instructor__sis', true, false, '')"),
  attempt('the whole table as XML', DENIED, "SELECT table_to_xml('sis.persons', true, false, '')"),
  attempt('the database as XML', undefined, "SELECT database_to_xml(true, false, '')"),
  attempt('a query as XML', DENIED, "SELECT query_to_xml('SELECT * FROM sis.persons', true, false, '')"),
  attempt(
    'a query as text search',
    DENIED,
    "SELECT * FROM ts_stat('SELECT to_tsvector(ssn) FROM sis.persons')",
  ),
  // What throws, or tells while it is evaluated.
  attempt(
    'a division by zero',
    undefined,
    "SELECT 1 / (CASE WHEN person_id = 'S3' THEN 0 ELSE 1 END) FROM persons",
  ),
  attempt(
    'a division by zero in a condition',
    undefined,
    "SELECT name FROM persons WHERE 1 / (CASE WHEN name = 'Cy' THEN 0 ELSE 1 END) = 1",
  ),
  attempt(
    'a cast whose error shows the value',
    '22P02',
    'SELECT name FROM persons WHERE CAST(name AS integer) = 1',
  ),
  attempt(
    'a cast of what is hidden',
    undefined,
    "SELECT name FROM persons WHERE person_id = 'S3' AND CAST(name AS integer) = 1",
  ),
  attempt('a cast under a masked column', '22P02', 'SELECT CAST(email AS integer) FROM persons'),
  attempt('a pattern that is none', '2201B', "SELECT name FROM persons WHERE 'x' ~ (name || '(')"),
  attempt('a value too long', undefined, "SELECT repeat(name, 3) FROM persons WHERE person_id = 'S4'"),
  attempt(
    'a function of its own',
    DENIED,
    "CREATE FUNCTION pg_temp.leak(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE '%', t; RETURN true; END $$",
  ),
  attempt(
    'a function in the schema of the role',
    DENIED,
    "CREATE FUNCTION instructor__sis.leak(t text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
  ),
  attempt(
    'a function in public',
    DENIED,
    "CREATE FUNCTION public.leak(t text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
  ),
  attempt(
    'a block that tells',
    undefined,
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM persons LOOP RAISE NOTICE '%', r; END LOOP; END $$",
  ),
  attempt(
    'a block that reads the whole table',
    DENIED,
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM sis.persons LOOP RAISE NOTICE '%', r; END LOOP; END $$",
  ),
  attempt(
    'an operator of its own',
    DENIED,
    'CREATE OPERATOR instructor__sis.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)',
  ),
  attempt(
    'a cheap function of PostgreSQL that tells',
    undefined,
    "SELECT name FROM persons WHERE set_config('x.y', name, false) IS NOT NULL AND person_id <> 'S1'",
    "SELECT current_setting('x.y')",
  ),
  // Objects over the views.
  attempt('a temporary table', DENIED, 'CREATE TEMP TABLE persons AS SELECT 1'),
  attempt('a temporary view', DENIED, 'CREATE TEMP VIEW v AS SELECT * FROM persons'),
  attempt(
    'a view with the rights of who asks',
    DENIED,
    'CREATE VIEW instructor__sis.v WITH (security_invoker) AS SELECT * FROM sis.persons',
  ),
  attempt('a view in a schema of its own', DENIED, 'CREATE SCHEMA mine'),
  attempt(
    'a materialized view',
    DENIED,
    'CREATE MATERIALIZED VIEW instructor__sis.m AS SELECT * FROM persons',
  ),
  attempt('a type in place of one', DENIED, 'CREATE TYPE pg_temp.t AS (a text)'),
  attempt('a barrier taken off', DENIED, 'ALTER VIEW persons SET (security_barrier = false)'),
  attempt('a view renamed', DENIED, 'ALTER VIEW persons RENAME TO others'),
  attempt('a view in place of one', DENIED, 'CREATE OR REPLACE VIEW persons AS SELECT 1 AS person_id'),
  attempt('a rule on a view', DENIED, 'CREATE RULE r AS ON INSERT TO persons DO INSTEAD NOTHING'),
  attempt(
    'a trigger on a view',
    DENIED,
    'CREATE TRIGGER t INSTEAD OF INSERT ON persons EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  ),
  attempt(
    'statistics of the table',
    DENIED,
    'CREATE STATISTICS instructor__sis.s ON name, email FROM sis.persons',
  ),
  attempt('an index on the table', DENIED, 'CREATE INDEX ON sis.persons ((1 / length(ssn)))'),
  attempt('rows locked', DENIED, 'SELECT * FROM persons FOR UPDATE'),
  attempt('rows changed', '55000', "UPDATE persons SET name = 'x'"),
  attempt('rows deleted and shown', DENIED, 'DELETE FROM sis.persons RETURNING *'),
  attempt('a merge', DENIED, 'MERGE INTO sis.persons p USING persons q ON true WHEN MATCHED THEN DELETE'),
  // Who one is.
  attempt('the role of the owner', DENIED, 'SET ROLE lake_owner'),
  attempt('the role that owns the views', DENIED, 'SET ROLE lake_access'),
  attempt('the role of another', DENIED, 'SET ROLE "lake:analyst:research"'),
  attempt('its own role', DENIED, 'SET ROLE "lake:instructor:teaching"'),
  attempt('the session of another', DENIED, 'SET SESSION AUTHORIZATION "instructor-f2"'),
  attempt('the role of another login', DENIED, 'SET ROLE "instructor-f2"'),
  attempt(
    'a setting in place of the person',
    undefined,
    "SELECT set_config('lake.person', 'F2', false)",
    'SELECT * FROM persons',
  ),
  attempt('rights for itself', DENIED, 'GRANT "lake:analyst:research" TO "instructor-f1"'),
  attempt('rights on the whole table', DENIED, 'GRANT SELECT ON sis.persons TO "instructor-f1"'),
  attempt('no row security', undefined, 'SET row_security = off', 'SELECT * FROM persons'),
  attempt('triggers switched off', DENIED, 'SET session_replication_role = replica'),
  attempt('a power of its own', DENIED, 'ALTER ROLE "instructor-f1" BYPASSRLS'),
  attempt('the password of another', DENIED, 'ALTER ROLE "instructor-f2" PASSWORD \'x\''),
  attempt('passwords', DENIED, 'SELECT rolpassword FROM pg_authid'),
  attempt('owned objects', DENIED, 'REASSIGN OWNED BY lake_access TO "instructor-f1"'),
  // Sessions, statements and cursors.
  attempt('a prepared statement', NO_COLUMN, 'PREPARE p AS SELECT ssn FROM persons'),
  attempt(
    'a prepared statement with another path',
    NO_TABLE,
    'PREPARE p AS SELECT * FROM persons',
    'SET search_path = sis',
    'EXECUTE p',
  ),
  attempt(
    'a cursor over the end',
    undefined,
    'BEGIN',
    'DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT * FROM persons',
    'COMMIT',
    'FETCH ALL FROM c',
  ),
  attempt('a cursor on the whole table', DENIED, 'BEGIN', 'DECLARE c CURSOR FOR SELECT * FROM sis.persons'),
  attempt('what others ask', undefined, 'SELECT query FROM pg_stat_activity WHERE usename <> current_user'),
  attempt(
    'a session of another ended',
    undefined,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'nobody'",
  ),
  // Statistics and plans.
  attempt(
    'the most common values',
    undefined,
    "SELECT most_common_vals FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  ),
  attempt(
    'the bounds of a column',
    undefined,
    "SELECT histogram_bounds FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  ),
  attempt('statistics as they lie', DENIED, 'SELECT * FROM pg_statistic'),
  attempt('statistics of several columns', DENIED, 'SELECT * FROM pg_statistic_ext_data'),
  attempt('the texts of views', DENIED, "SELECT pg_get_viewdef('persons'::regclass)"),
  attempt(
    'the texts of views, listed',
    undefined,
    "SELECT view_definition FROM information_schema.views WHERE table_schema = 'instructor__sis'",
  ),
  attempt('the texts of views as they lie', DENIED, 'SELECT ev_action FROM pg_rewrite'),
  attempt('views of PostgreSQL over their texts', DENIED, 'SELECT definition FROM pg_views'),
  attempt('policies', undefined, 'SELECT qual FROM pg_policies'),
  // The machine.
  attempt('a file', DENIED, "SELECT pg_read_file('postgresql.conf')"),
  attempt('the files of the server', DENIED, "SELECT pg_ls_dir('.')"),
  attempt('a large object of a file', DENIED, "SELECT lo_import('/etc/passwd')"),
  attempt('large objects of others', undefined, 'SELECT oid FROM pg_largeobject_metadata'),
  attempt('where the data lie', DENIED, 'SHOW data_directory'),
  attempt('an extension', DENIED, 'CREATE EXTENSION dblink'),
  attempt('pages as they lie', DENIED, 'CREATE EXTENSION pageinspect'),
  attempt('a foreign server', '42704', 'CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw'),
  attempt('a library', DENIED, "LOAD 'auto_explain'"),
  attempt('a publication', DENIED, 'CREATE PUBLICATION p FOR TABLE sis.persons'),
  attempt(
    'a slot that decodes changes',
    DENIED,
    "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
  ),
  attempt('the log switched on', DENIED, "SET log_statement = 'all'"),
  attempt('the server set otherwise', DENIED, "ALTER SYSTEM SET log_statement = 'all'"),
  attempt('a schema that there is not', NO_SCHEMA, 'CREATE TABLE nowhere.t (a integer)'),
];
