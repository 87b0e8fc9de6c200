import { holdsType } from '../campus/lake-type.ts';
import type { DefinedColumn, TableDefinition, TableVersion } from '../ports/tables.ts';
import { isShifted } from '../privacy/keyed-column.ts';
import { isRotation, keyVersion } from '../privacy/pseudonym.ts';
import type { SchemaChange } from './schema-changes.ts';

/** How a table's definition differs from the one by which a version of it was staged. */
export interface DefinitionChange extends SchemaChange {
  /** The version shows something that is not to be seen any more. */
  readonly narrows: boolean;
}

/**
 * Compares definitions, by the source's columns: what a column is called matters less than whose values it holds. What
 * a version shows and the new definition does not (a column excluded, a value that becomes a pseudonym or is masked,
 * pseudonyms by another key or of another kind) narrows it.
 */
export function definitionChanges(before: TableDefinition, now: TableDefinition): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  const left = new Map(now.columns.map((column) => [column.source, column]));
  const keys = keysOf(before, now);
  for (const old of before.columns) {
    const column = left.get(old.source);
    left.delete(old.source);
    changes.push(...(column ? columnChanges(old, column, keys) : [change(old, 'left_behind', null, true)]));
  }
  for (const { name, type } of left.values()) {
    changes.push({ column: name, change: 'added', from: null, to: type, narrows: false });
  }
  if (before.key.join() !== now.key.join()) {
    const [from, to] = [before, now].map(({ key }) => key.join(', '));
    changes.push({ column: '', change: 'rekeyed', from: from!, to: to!, narrows: false });
  }
  return changes;
}

/** The columns, by their names in a table of the earlier definition, that show what is not to be seen any more. */
export function narrowedColumns(before: TableDefinition, now: TableDefinition): string[] {
  const left = new Map(now.columns.map((column) => [column.source, column]));
  const keys = keysOf(before, now);
  return before.columns
    .filter((old) => {
      const column = left.get(old.source);
      return !column || columnChanges(old, column, keys).some(({ narrows }) => narrows);
    })
    .map(({ name }) => name);
}

/** How the keys of the pseudonyms have changed: not, by further ones (then the version of the newest), or altogether. */
type KeyChange = 'same' | 'other' | number;

function keysOf(
  { pseudonymKey: before }: TableDefinition,
  { pseudonymKey: now }: TableDefinition,
): KeyChange {
  if (before === now) return 'same';
  return isRotation(before, now) ? keyVersion(now!) : 'other';
}

function columnChanges(old: DefinedColumn, now: DefinedColumn, keys: KeyChange): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  if (old.name !== now.name) changes.push(change(old, 'renamed', now.name, false));
  const both = old.treatment === 'pseudonym' && now.treatment === 'pseudonym';
  if (old.treatment !== now.treatment) {
    changes.push(treatedOtherwise(old, now));
  } else if (old.mask !== now.mask || (keys !== 'same' && isShifted(now))) {
    changes.push(change(now, 'masked', now.mask!, true));
  } else if (both && old.pseudonymKind === now.pseudonymKind && typeof keys === 'number') {
    changes.push(change(now, 'rotated', `key version ${keys}`, true));
  } else if (both && !(keys === 'same' && old.pseudonymKind === now.pseudonymKind)) {
    changes.push(change(now, 'repseudonymised', keys === 'same' ? now.pseudonymKind! : 'another key', true));
  } else if (both && (old.wholeId ?? false) !== (now.wholeId ?? false)) {
    changes.push(change(now, 'repseudonymised', now.wholeId ? 'whole ids' : 'ids as delivered', false));
  } else if (old.type !== now.type) {
    changes.push(change(old, holdsType(now.type, old.type) ? 'widened' : 'retyped', now.type, false));
  }
  if (!old.absent && now.absent) changes.push(change(now, 'vanished', null, false));
  if (old.absent && !now.absent) changes.push(change(now, 'returned', now.type, false));
  return changes;
}

function treatedOtherwise(old: DefinedColumn, now: DefinedColumn): DefinitionChange {
  if (now.treatment === 'mask') return change(now, 'masked', now.mask!, true);
  if (now.treatment === 'pseudonym') return change(now, 'pseudonymised', now.type, true);
  return change(now, old.treatment === 'mask' ? 'unmasked' : 'readable', now.type, false);
}

const change = (
  { name, type }: DefinedColumn,
  what: SchemaChange['change'],
  to: string | null,
  narrows: boolean,
): DefinitionChange => ({ column: name, change: what, from: type, to, narrows });

/**
 * How the definition differs from that of a version. A version of an older lake does not say by what it was staged: it
 * is staged again, and counts as showing too much where it has a column that is not kept any more, or where values
 * are pseudonyms or masked now and nobody knows whether they were.
 */
export function changesSince(version: TableVersion, now: TableDefinition): DefinitionChange[] {
  if (version.definition) return definitionChanges(version.definition, now);
  const wanted = new Map(now.columns.map((column) => [column.name, column]));
  const unlisted = version.columns.filter(({ name }) => !wanted.has(name));
  const doubtful = now.columns.filter(({ treatment }) => treatment !== 'keep');
  return [
    { column: '', change: 'undefined', from: null, to: null, narrows: false },
    ...unlisted.map(({ name, type }): DefinitionChange => {
      return { column: name, change: 'left_behind', from: type, to: null, narrows: true };
    }),
    ...doubtful.map((column) => treatedOtherwise({ ...column, treatment: 'keep' }, column)),
  ];
}
