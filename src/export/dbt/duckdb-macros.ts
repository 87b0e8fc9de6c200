import { plain } from './jinja.ts';

/** Macros for the DuckDB that dbt opens: the SQL functions that the local target defines. */
export interface DuckDbPart {
  /** Each model's SELECT in DuckDB's SQL, its columns in the lake's types and its tables as dbt's references, by table. */
  readonly selects: ReadonlyMap<string, string>;
  /** Statements that must have been run before a model is: macros that mean what Athena means. */
  readonly setUp: string;
  /** Statements that make the staged tables, as they are published, views. */
  readonly views: string;
}

/** What runs before everything else: nothing on Athena, which knows its functions and tables. */
export const ON_RUN_START = `{# Made by \`lake export dbt\`. #}
{% macro lake_on_run_start() -%}
  {%- if target.type == 'duckdb' -%}
    {{ lake_functions() }}
    {{ lake_sources() }}
  {%- endif -%}
{%- endmacro %}
`;

export const functionsMacro = ({ setUp }: DuckDbPart): string => `{# Made by \`lake export dbt\`. #}
{% macro lake_functions() %}
${plain(setUp)}
{% endmacro %}
`;

export const sourcesMacro = ({ views }: DuckDbPart): string => `{% macro lake_sources() %}
${plain(views)}
{% endmacro %}
`;
