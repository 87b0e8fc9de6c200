import { stringify } from 'yaml';
import { awsSchema, databasePrefixOf } from '../../campus/aws-schema.ts';
import type { Campus } from '../../campus/campus.ts';
import { CURATED } from '../../models/model.ts';

/** Name of the project and of its profile. */
const PROJECT = 'campus_lake';

const HEAD = '# Made by `lake export dbt`.\n';

const awsOf = ({ aws }: Pick<Campus, 'aws'>) => aws ?? awsSchema.parse({});

/** https://docs.getdbt.com/reference/dbt_project.yml */
export const projectFile = (campus: Pick<Campus, 'timeZone'>): string =>
  HEAD +
  stringify({
    name: PROJECT,
    version: '1.0.0',
    profile: PROJECT,
    // Tests take what they are told under `arguments:` since then.
    'require-dbt-version': '>=1.10.5',
    flags: { send_anonymous_usage_stats: false },
    'on-run-start': '{{ lake_on_run_start() }}',
    vars: { time_zone: campus.timeZone },
    models: { [PROJECT]: { '+materialized': 'table' } },
  });

/**
 * Both targets, with everything that differs from place to place taken from the environment, so that the file need
 * not be edited; a profile of one's own stands in another folder (`--profiles-dir`).
 * https://docs.getdbt.com/docs/core/connect-data-platform/duckdb-setup and …/athena-setup
 */
export function profilesFile(campus: Pick<Campus, 'aws'>): string {
  const aws = awsOf(campus);
  const { region } = aws;
  const env = (name: string, otherwise?: string) =>
    `{{ env_var('${name}'${otherwise === undefined ? '' : `, '${otherwise}'`}) }}`;
  return `${HEAD}${stringify({
    [PROJECT]: {
      target: env('LAKE_DBT_TARGET', 'duckdb'),
      outputs: {
        duckdb: {
          type: 'duckdb',
          path: env('LAKE_DBT_DATABASE', 'lake.duckdb'),
          schema: CURATED,
          threads: 2,
          // As in the lake's own sessions.
          settings: { TimeZone: 'UTC', integer_division: true },
        },
        athena: {
          type: 'athena',
          region_name: region ?? env('AWS_REGION'),
          s3_staging_dir: env('LAKE_DBT_S3'),
          work_group: env('LAKE_DBT_WORKGROUP', 'primary'),
          database: 'awsdatacatalog',
          // Not the lake's own: what people see there comes from its runs.
          schema: env('LAKE_DBT_SCHEMA', `${databasePrefixOf(aws)}${CURATED}_dbt`),
          threads: 4,
        },
      },
    },
  })}`;
}

/** The schema of a source: its own name in DuckDB, its Glue database in Athena. */
export function schemaOfSource(campus: Pick<Campus, 'aws'>, source: string): string {
  const glue = `${databasePrefixOf(awsOf(campus))}${source}`;
  return `{{ '${source}' if target.type == 'duckdb' else '${glue}' }}`;
}

/** What dbt makes of the project. */
export const IGNORED = '/target/\n/logs/\n/dbt_packages/\n.user.yml\n*.duckdb\n*.duckdb.wal\n';
