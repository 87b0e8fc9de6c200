import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import { type DbtProject, dbtProject } from '../../../src/export/dbt/project.ts';
import { parseModel } from '../../../src/models/load-models.ts';

interface Described {
  readonly name: string;
  readonly columns: { name: string; data_type: string; data_tests?: unknown[]; description?: string }[];
  readonly [property: string]: unknown;
}

const PASSED = `-- description: Who passed {{ by hand }}
-- grain: student_id
-- owner: Registrar
-- check: { kind: row_count, maxDropPercent: 10 }
-- column student_id (direct): the number
SELECT student_id, 1 AS times FROM sis.registrar_grades;
`;

describe('a dbt project', () => {
  let project: DbtProject;
  let loaded: LoadedCampus;
  let sources: { name: string; schema: string; tables: Described[] }[];
  const file = (path: string) => project.files.get(path)!;
  const yaml = (path: string) => parse(file(path)) as { [key: string]: unknown };

  beforeAll(async () => {
    loaded = await loadCampus('campus.yaml');
    const { campus, catalog } = loaded;
    const model = await parseModel('models/passed.sql', PASSED);
    const columns = [
      { name: 'student_id', type: 'varchar' },
      { name: 'times', type: 'integer' },
    ] as const;
    const selects = new Map([['campus.passed', "SELECT * FROM {{ source('sis', 'registrar_grades') }}"]]);
    const duckDb = { selects, setUp: "SELECT '{{';", views: 'CREATE VIEW v;' };
    const asOf = '2026-10-06T11:00:00.000Z';
    project = dbtProject({ campus, datasets: catalog.datasets, models: [{ model, columns }], duckDb, asOf });
    sources = yaml('models/sources.yml').sources as typeof sources;
  });

  it("holds a model's SQL for both targets", () => {
    const text = file('models/passed.sql');
    const [athena, duckDb] = text.split("{%- elif target.type == 'duckdb' -%}");
    expect(athena).toContain(
      "SELECT student_id, 1 AS times FROM {{ source('sis', 'registrar_grades') }} AS registrar_grades\n",
    );
    expect(duckDb).toContain("SELECT * FROM {{ source('sis', 'registrar_grades') }}");
    // dbt puts a SELECT into parentheses.
    expect(text).not.toContain(';');
  });

  it('describes a model as its header does', () => {
    expect(yaml('models/models.yml').models).toEqual([
      {
        name: 'passed',
        description: "Who passed {{ '{' }}{ by hand }}",
        config: { meta: { owner: 'Registrar', grain: 'student_id' } },
        columns: [
          expect.objectContaining({
            name: 'student_id',
            description: 'the number',
            data_type: 'varchar',
            config: { meta: { privacy: 'direct' } },
            quote: true,
            data_tests: expect.arrayContaining(['unique']),
          }),
          { name: 'times', data_type: 'integer' },
        ],
        data_tests: expect.arrayContaining([
          { unique_together: { arguments: { columns: ['"student_id"'], nulls_distinct: false } } },
        ]),
      },
    ]);
    expect(project.left).toContain('campus.passed: row_count');
  });

  it('describes every table that is loaded, without the columns that stay behind', () => {
    const { campus, catalog } = loaded;
    const described = sources.flatMap(({ name, tables }) => tables.map((table) => `${name}.${table.name}`));
    const names = catalog.datasets.filter(({ load }) => load !== 'off').map(({ id }) => id);
    expect(described.sort()).toEqual(names.sort());
    expect(project.sources).toBe(names.length);
    const users = sources[0]!.tables.find(({ name }) => name === 'users')!;
    const left = catalog
      .get('canvas.users')
      .columns.filter(({ privacy }) => privacy === 'secret' || privacy === 'text');
    expect(users.columns.map(({ name }) => name)).toContain('id');
    for (const { name } of left) expect(users.columns.map((column) => column.name)).not.toContain(name);
    expect(campus.privacy.defaults).toEqual({});
  });

  it('finds a source by its name in DuckDB and in its Glue database on Athena', () => {
    expect(sources.map(({ schema }) => schema)).toEqual([
      "{{ 'canvas' if target.type == 'duckdb' else 'canvas' }}",
      "{{ 'sis' if target.type == 'duckdb' else 'sis' }}",
    ]);
  });

  it('keeps what changes from night to night in one file', () => {
    const holding = [...project.files].filter(([, text]) => /2026-10-06|CREATE VIEW v/.test(text));
    expect(holding.map(([path]) => path)).toEqual(['macros/lake_published.sql']);
    expect(file('macros/lake_functions.sql')).toContain("SELECT '{{ '{' }}{';");
  });

  it('holds no secret and asks nobody on the net', () => {
    const profiles = file('profiles.yml');
    expect(profiles).not.toMatch(/password|secret|key/i);
    expect(yaml('dbt_project.yml').flags).toEqual({ send_anonymous_usage_stats: false });
  });
});
