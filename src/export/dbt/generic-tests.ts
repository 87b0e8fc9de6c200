import type { Files } from '../own-files.ts';

/**
 * The lake's rules that dbt itself has no test for. What they count is what `src/quality` counts: rows with an empty
 * value in a column of the rule are not looked at.
 * https://docs.getdbt.com/best-practices/writing-custom-generic-tests
 */
export const GENERIC_TESTS: Files = new Map([
  [
    'tests/generic/unique_together.sql',
    `{# No two rows are alike in all of these columns; rows with an empty one are not looked at. #}
{% test unique_together(model, columns) %}
SELECT {{ columns | join(', ') }}, count(*) AS times
FROM {{ model }}
WHERE {% for column in columns %}{{ column }} IS NOT NULL{{ ' AND ' if not loop.last }}{% endfor %}
GROUP BY {{ columns | join(', ') }}
HAVING count(*) > 1
{% endtest %}
`,
  ],
  [
    'tests/generic/in_range.sql',
    `{# From min to max, both allowed; an end that is not given is open. The ends are SQL. #}
{% test in_range(model, column_name, min=none, max=none) %}
SELECT {{ column_name }}
FROM {{ model }}
WHERE {% if min is not none %}{{ column_name }} < {{ min }}{% endif %}
  {%- if min is not none and max is not none %} OR {% endif %}
  {%- if max is not none %}{{ column_name }} > {{ max }}{% endif %}
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
