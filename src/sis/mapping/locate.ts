import { compilePattern, literal, type NamePattern } from './pattern.ts';

/** A rule that speaks of schemas, of tables, or of columns of tables. */
interface Locating {
  readonly 'rule-id': number;
  readonly 'object-locator': {
    readonly 'schema-name': string;
    readonly 'table-name'?: string;
    readonly 'column-name'?: string;
  };
}

/** A rule with its names ready to be compared. */
export interface Located<R> {
  readonly rule: R;
  readonly schema: NamePattern;
  readonly table: NamePattern;
  readonly column: NamePattern;
}

const ANY: NamePattern = { matches: () => true };

/**
 * Finds the rules that speak of a table without trying each: thousands of rules that name their table are found
 * by that name, only those with wildcards are tried.
 */
export class RuleIndex<R extends Locating> {
  readonly #byTable = new Map<string, Located<R>[]>();
  readonly #wild: Located<R>[] = [];

  /** @param exact rules whose names are to be taken literally, wildcards or not */
  constructor(rules: readonly R[], exact: (rule: R) => boolean = () => false) {
    for (const rule of rules) {
      const { 'schema-name': schema, 'table-name': table, 'column-name': column } = rule['object-locator'];
      const read = exact(rule) ? literal : compilePattern;
      const located = {
        rule,
        schema: read(schema),
        table: table === undefined ? ANY : read(table),
        column: column === undefined ? ANY : read(column),
      };
      const key = located.table.literal;
      if (key === undefined) this.#wild.push(located);
      else this.#byTable.set(key, [...(this.#byTable.get(key) ?? []), located]);
    }
  }

  /** The rules that speak of this table, by rising rule id. */
  of(schema: string, table: string): Located<R>[] {
    const named = this.#byTable.get(table)?.filter((entry) => entry.schema.matches(schema)) ?? [];
    const wild = this.#wild.filter((entry) => entry.schema.matches(schema) && entry.table.matches(table));
    if (wild.length === 0) return named;
    return [...named, ...wild].sort((a, b) => a.rule['rule-id'] - b.rule['rule-id']);
  }
}
