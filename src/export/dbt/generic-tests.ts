import type { Files } from '../own-files.ts';

/**
 * The lake's rules that dbt itself has no test for. What they count is what `src/quality` counts: rows with an empty
 * value in a column of the rule are not looked at.
 * https://docs.getdbt.com/best-practices/writing-custom-generic-tests
 */
export const GENERIC_TESTS: Files = new Map([
  [
    'tests/generic/unique_together.sql',
    `{# No two rows are alike in all of these columns; rows with an empty one are left out, unless nulls_distinct is false. #}
{% test unique_together(model, columns, nulls_distinct=true) %}
SELECT {{ columns | join(', ') }}, count(*) AS times
FROM {{ model }}
{% if nulls_distinct -%}
WHERE {% for column in columns %}{{ column }} IS NOT NULL{{ ' AND ' if not loop.last }}{% endfor %}
{% endif -%}
GROUP BY {{ columns | join(', ') }}
HAVING count(*) > 1
{% endtest %}
`,
  ],
  [
    'tests/generic/in_range.sql',
    `{# From min to max, both allowed; an end that is not given is open. The ends are SQL; of days, they are whole days. #}
{% test in_range(model, column_name, min=none, max=none, days=false) %}
{% set value = 'CAST(' ~ column_name ~ ' AS date)' if days else column_name -%}
SELECT {{ column_name }}
FROM {{ model }}
WHERE {% if min is not none %}{{ value }} < {{ min }}{% endif %}
  {%- if min is not none and max is not none %} OR {% endif %}
  {%- if max is not none %}{{ value }} > {{ max }}{% endif %}
{% endtest %}
`,
  ],
  [
    'tests/generic/at_least_rows.sql',
    `{# As many rows as this, or more. #}
{% test at_least_rows(model, min) %}
SELECT count(*) AS there
FROM {{ model }}
HAVING count(*) < {{ min }}
{% endtest %}
`,
  ],
]);
