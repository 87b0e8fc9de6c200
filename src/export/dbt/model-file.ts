import type { Model } from '../../models/model.ts';
import { withReferences } from './references.ts';

/**
 * A model's file: Athena's SQL as its author wrote it, and the same for DuckDB; dbt takes that of its target.
 * @param duckDb the SELECT in DuckDB's SQL with dbt's references
 */
export function modelFile({ name, text, statement }: Model, duckDb: string): string {
  const athena = withReferences(text, statement.ast).replace(/;\s*$/, '').trimEnd();
  return `{# Made by \`lake export dbt\` from ${name}.sql in the lake's models: change that one, and export again. #}
{% if target.type == 'athena' -%}
${athena}
{%- elif target.type == 'duckdb' -%}
${duckDb}
{%- else -%}
{{ exceptions.raise_compiler_error('The lake speaks to the targets athena and duckdb, not to ' ~ target.type) }}
{%- endif %}
`;
}
