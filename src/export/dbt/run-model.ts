import { quoted } from './jinja.ts';

export interface RunOfExport {
  /** How far the lake had been loaded, ISO 8601 UTC. Absent: nothing has been published yet. */
  readonly asOf?: string;
  readonly timeZone: string;
}

/**
 * `ops.run` under dbt: how far the lake is loaded, which is what models take as now. The variable `as_of` says so;
 * without it DuckDB, which reads the files of one publication, takes the instant of that one, and Athena, whose tables
 * go on, the start of the run.
 */
export const runModel = ({ timeZone }: RunOfExport): string => `{# Made by \`lake export dbt\`. #}
{{ config(materialized='view') }}
{%- set zone = var('time_zone', ${quoted(timeZone)}) -%}
{%- set as_of = modules.datetime.datetime.fromisoformat(lake_as_of() | replace('Z', '+00:00')) -%}
{%- set utc = as_of.astimezone(modules.pytz.utc) -%}
SELECT
  CAST('{{ var('run', invocation_id) }}' AS varchar) AS run,
  CAST('{{ utc.strftime('%Y-%m-%d %H:%M:%S') }}.{{ '%03d' % (utc.microsecond // 1000) }}' AS timestamp(3)) AS as_of,
  CAST('{{ as_of.astimezone(modules.pytz.timezone(zone)).date().isoformat() }}' AS date) AS as_of_date,
  CAST('{{ zone }}' AS varchar) AS time_zone
`;

/** The macro that knows how far. It stands apart from the models, for it is another after every night. */
export const asOfMacro = ({ asOf }: RunOfExport): string => `{% macro lake_as_of() -%}
  {%- if var('as_of', none) is not none -%}
    {{ var('as_of') }}
  {%- elif target.type == 'duckdb' -%}
    ${asOf ?? '{{ run_started_at.isoformat() }}'}
  {%- else -%}
    {{ run_started_at.isoformat() }}
  {%- endif -%}
{%- endmacro %}
`;
