import type { AccessFile, AccessRole } from '../campus/access-schema.ts';
import { maskTakes, parseShown, SHIFTED_BY, typesOfMask } from '../campus/masks.ts';
import { didYouMean } from '../campus/nearest.ts';
import type { Finding, YamlPath } from '../campus/problem.ts';
import { attributesOf, type Condition, leavesOf, lookupsOf, operandsOf } from './condition.ts';
import { mismatch } from './operand-type.ts';
import { readCondition } from './parse-condition.ts';
import { isAll, type KnownTables } from './policy.ts';
import { canShiftBy } from './table-access.ts';

/**
 * What no schema can say about access.yaml. Every name in it must be one that there is: of a name that is mistyped
 * nothing would be hidden.
 * @param known every table that can be published
 */
export function checkPolicy(file: AccessFile, known: KnownTables): Finding[] {
  const found: Finding[] = [];
  const say = (path: YamlPath, text: string, on: 'key' | 'value' = 'key') =>
    void found.push({ path, on, text });
  const names = new Names(known, say);
  const lookups = new Map<string, Condition | undefined>();

  for (const [name, lookup] of Object.entries(file.lookups)) {
    const path = ['lookups', name];
    const here = path.join('.');
    // Of the ledger a statement reads only the tables that it names: of another the lookup would be empty.
    const isOps = lookup.table.startsWith('ops.');
    if (isOps)
      say(
        [...path, 'table'],
        `${here}.table: found "${lookup.table}", expected a table of a source or a model`,
        'value',
      );
    const isTable = !isOps && names.table(lookup.table, [...path, 'table'], here, 'value');
    if (isTable) names.column(lookup.table, lookup.column, [...path, 'column'], here, 'value');
    const where =
      lookup.where === undefined ? undefined : read(lookup.where, [...path, 'where'], `${here}.where`, say);
    lookups.set(name, where);
    if (where && isTable) condition(where, lookup.table, [...path, 'where'], `${here}.where`);
  }
  for (const name of lookups.keys()) {
    if (reaches(name, name, lookups))
      say(
        ['lookups', name],
        `lookups.${name}: it is made of itself, expected a table and lookups that end in tables`,
      );
  }
  for (const [name, purposes] of Object.entries(file.boundTo)) {
    if (name.includes('.')) names.qualified(name, ['boundTo', name], 'boundTo');
    for (const [i, purpose] of (purposes ?? []).entries()) purposeIsKnown(purpose, ['boundTo', name, i]);
  }
  for (const [name, role] of Object.entries(file.roles)) checkRole(name, role);
  return found;

  function purposeIsKnown(purpose: string, path: YamlPath): void {
    if (Object.hasOwn(file.purposes, purpose)) return;
    const words = Object.keys(file.purposes);
    say(
      path,
      `there is no purpose "${purpose}", expected one under purposes:${didYouMean(purpose, words)}`,
      'value',
    );
  }

  function checkRole(name: string, role: AccessRole): void {
    const path = ['roles', name];
    const here = path.join('.');
    for (const [i, purpose] of role.purposes.entries()) purposeIsKnown(purpose, [...path, 'purposes', i]);
    for (const [table, text] of Object.entries(role.tables)) {
      const at = [...path, 'tables', table];
      if (!names.tables(table, at, `${here}.tables`) || isAll(text)) continue;
      const rows = read(text, at, `${here}.tables`, say);
      if (!rows) continue;
      for (const each of names.matching(table)) condition(rows, each, at, `${here}.tables`);
      for (const attribute of attributesThrough(rows, lookups)) {
        if (role.attributes.includes(attribute)) continue;
        say(
          at,
          `${here}.tables: the condition of ${table} asks for session.${attribute}, expected it under ${here}.attributes${didYouMean(attribute, role.attributes)}`,
          'value',
        );
      }
    }
    for (const [column, text] of Object.entries(role.columns)) {
      const at = [...path, 'columns', column];
      const type = names.qualified(column, at, `${here}.columns`)?.type;
      const shown = parseShown(text);
      if (type !== undefined && !maskTakes(shown, type))
        say(
          at,
          `${here}.columns: ${column} is ${type}, and the mask ${text} takes ${typesOfMask(shown)!.join(', ')}`,
          'value',
        );
      if (type !== undefined && shown.kind === 'shift') shiftedBy(shown.by, column, at, `${here}.columns`);
    }
    checkBreakGlass(name, role);
    for (const [i, denied] of role.deny.entries()) {
      const at = [...path, 'deny', i];
      if (denied.split('.').length === 3) names.qualified(denied, at, `${here}.deny`, 'value');
      else names.tables(denied, at, `${here}.deny`, 'value');
    }
  }

  /** A day moved by what is no person's id would be moved alike for everybody, or not at all. */
  function shiftedBy(by: string, column: string, at: YamlPath, here: string): void {
    const table = column.slice(0, column.lastIndexOf('.'));
    const person = names.column(table, by, at, here, 'value');
    if (person && !canShiftBy(person))
      say(
        at,
        `${here}: ${table}.${by} is ${person.type}, and dates are shifted by an id: ${SHIFTED_BY.join(', ')}`,
        'value',
      );
  }

  function checkBreakGlass(name: string, { breakGlass, attributes }: AccessRole): void {
    if (!breakGlass) return;
    const path = ['roles', name, 'breakGlass', 'role'];
    const here = path.join('.');
    const other = Object.hasOwn(file.roles, breakGlass.role) ? file.roles[breakGlass.role] : undefined;
    if (!other || breakGlass.role === name) {
      const words = Object.keys(file.roles).filter((role) => role !== name);
      say(
        path,
        `${here}: found "${breakGlass.role}", expected another role${didYouMean(breakGlass.role, words)}`,
        'value',
      );
      return;
    }
    const missing = other.attributes.find((attribute) => !attributes.includes(attribute));
    if (missing !== undefined)
      say(
        path,
        `${here}: the role ${breakGlass.role} needs session.${missing}, which ${name} does not have`,
        'value',
      );
    if (other.purposes.length !== 1)
      say(path, `${here}: the role ${breakGlass.role} has several purposes, expected one`, 'value');
  }

  function condition(rows: Condition, table: string, path: YamlPath, here: string): void {
    for (const leaf of leavesOf(rows)) {
      const column = names.column(table, leaf.column, path, here, 'value');
      if (!column) continue;
      const { type } = column;
      for (const operand of operandsOf(leaf)) {
        if (operand.kind === 'attribute' || type === undefined) continue;
        const wanted = mismatch(operand, type);
        if (wanted !== undefined)
          say(
            path,
            `${here}: ${table}.${leaf.column} is ${type}, expected ${wanted} to compare it with`,
            'value',
          );
      }
      if (leaf.kind !== 'lookup') continue;
      const lookup = file.lookups[leaf.lookup];
      if (!lookup) {
        const words = Object.keys(file.lookups);
        say(
          path,
          `${here}: there is no lookup "${leaf.lookup}", expected one under lookups:${didYouMean(leaf.lookup, words)}`,
          'value',
        );
        continue;
      }
      const other = known.get(lookup.table)?.get(lookup.column)?.type;
      if (type !== undefined && other !== undefined && type !== other)
        say(
          path,
          `${here}: ${table}.${leaf.column} is ${type} and the values of ${leaf.lookup} are ${other}, expected one type`,
          'value',
        );
    }
  }
}

type Say = (path: YamlPath, text: string, on?: 'key' | 'value') => void;

function read(text: string, path: YamlPath, here: string, say: Say): Condition | undefined {
  const found = readCondition(text);
  if ('condition' in found) return found.condition;
  say(path, `${here}: ${found.problem}`, 'value');
  return undefined;
}

/** Whether a lookup asks another, directly or through others. */
function reaches(
  from: string,
  to: string,
  lookups: ReadonlyMap<string, Condition | undefined>,
  seen = new Set<string>(),
): boolean {
  const where = lookups.get(from);
  return (where ? lookupsOf(where) : []).some((next) => {
    if (next === to) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(next, to, lookups, seen);
  });
}

/** The session's attributes that a condition asks for, through lookups too. */
function attributesThrough(
  condition: Condition,
  lookups: ReadonlyMap<string, Condition | undefined>,
  seen = new Set<string>(),
): Set<string> {
  const found = new Set(attributesOf(condition));
  for (const name of lookupsOf(condition)) {
    if (seen.has(name)) continue;
    seen.add(name);
    const where = lookups.get(name);
    if (where) for (const attribute of attributesThrough(where, lookups, seen)) found.add(attribute);
  }
  return found;
}

/** Looks names up, and says of those that there are not what was likely meant. */
class Names {
  readonly #known: KnownTables;
  readonly #say: Say;

  constructor(known: KnownTables, say: Say) {
    this.#known = known;
    this.#say = say;
  }

  /** The tables that a pattern names. */
  matching(pattern: string): string[] {
    if (!pattern.endsWith('.*')) return this.#known.has(pattern) ? [pattern] : [];
    return [...this.#known.keys()].filter((table) => table.startsWith(pattern.slice(0, -1)));
  }

  tables(pattern: string, path: YamlPath, here: string, on: 'key' | 'value' = 'key'): boolean {
    if (this.matching(pattern).length > 0) return true;
    if (!pattern.endsWith('.*')) return this.table(pattern, path, here, on);
    const databases = new Set([...this.#known.keys()].map((table) => table.split('.')[0]!));
    const database = pattern.slice(0, -2);
    this.#say(path, `${here}: there is no database "${database}"${didYouMean(database, databases)}`, on);
    return false;
  }

  table(name: string, path: YamlPath, here: string, on: 'key' | 'value' = 'key'): boolean {
    if (this.#known.has(name)) return true;
    this.#say(path, `${here}: there is no table "${name}"${didYouMean(name, this.#known.keys())}`, on);
    return false;
  }

  column(table: string, name: string, path: YamlPath, here: string, on: 'key' | 'value' = 'key') {
    const columns = this.#known.get(table)!;
    const column = columns.get(name);
    if (!column)
      this.#say(path, `${here}: ${table} has no column "${name}"${didYouMean(name, columns.keys())}`, on);
    return column;
  }

  /** A column as `database.table.column`. */
  qualified(name: string, path: YamlPath, here: string, on: 'key' | 'value' = 'key') {
    const [database, table, column] = name.split('.') as [string, string, string];
    const isTable = this.table(`${database}.${table}`, path, here, on);
    return isTable ? this.column(`${database}.${table}`, column, path, here, on) : undefined;
  }
}
