/** A text that dbt shall leave as it is: what opens an expression, a statement or a comment of Jinja is quoted. */
export const plain = (text: string): string => text.replaceAll(/\{(?=[{%#])/g, "{{ '{' }}");

/** A text inside Jinja, in single quotes. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
