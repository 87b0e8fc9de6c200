import type { MappingIssue } from '../errors.ts';
import type { SisTable } from '../inspect.ts';
import type { Located } from './locate.ts';
import type { TableMappings } from './parse.ts';
import type { ColumnRule, NamingRule, SelectionRule } from './rules.ts';

/** Characters for which DMS does not transform a column's name. */
const STRANGE = /[#\\/-]/;

/** Gathers, while mappings are evaluated, what DMS allows or leaves open and what looks like a mistake. */
export class Warnings {
  readonly #mappings: TableMappings;
  readonly #hits = new Map<SelectionRule, number>();
  /** By rule and kind: a rule that overlaps in a thousand tables is reported once. */
  readonly #issues = new Map<string, MappingIssue>();

  constructor(mappings: TableMappings) {
    this.#mappings = mappings;
    for (const rule of mappings.settings) {
      this.#say(
        rule['rule-id'],
        'ranges',
        'DMS loses rows that are empty in a column of the ranges; here the table is split by its pages and none is lost',
      );
    }
  }

  used(rule: SelectionRule, source: SisTable): void {
    const hits = (this.#hits.get(rule) ?? 0) + 1;
    this.#hits.set(rule, hits);
    if (hits === 2 && rule.filters.length > 0) {
      const text = `its filters apply to ${source.schema}.${source.name} too, for _ is any character; write [_]`;
      this.#say(rule['rule-id'], 'filter', text);
    }
  }

  /** DMS's manual does not say which wins; here exclude does. */
  excluded(source: SisTable, exclude: SelectionRule, including: readonly SelectionRule[]): void {
    const explicit = including.find((rule) => rule['rule-action'] === 'explicit');
    if (!explicit) return;
    const text = `names ${source.schema}.${source.name}, which rule ${exclude['rule-id']} excludes; it is left out`;
    this.#say(explicit['rule-id'], 'excluded', text);
  }

  overlap<R extends NamingRule>(name: string, applied: R, others: readonly Located<R>[]): void {
    for (const { rule } of others) {
      const text = `does not act on "${name}": rule ${applied['rule-id']} does, and one object takes one action`;
      this.#say(rule['rule-id'], 'overlap', text);
    }
  }

  strangeColumn(name: string, rule: ColumnRule): void {
    if (!STRANGE.test(name) || rule['rule-action'] === 'remove-column') return;
    this.#say(
      rule['rule-id'],
      'strange',
      `DMS does not transform column "${name}": its name holds one of # \\ / -`,
    );
  }

  all(): MappingIssue[] {
    for (const rule of this.#mappings.selections) {
      if (!this.#hits.has(rule)) this.#say(rule['rule-id'], 'idle', 'fits no table of the source');
    }
    return [...this.#issues.values()];
  }

  #say(rule: number, kind: string, text: string): void {
    const key = `${rule} ${kind}`;
    if (!this.#issues.has(key)) this.#issues.set(key, { rule: String(rule), text });
  }
}
