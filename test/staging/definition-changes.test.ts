import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { DefinedColumn, TableDefinition, TableVersion } from '../../src/ports/tables.ts';
import { definitionDigest } from '../../src/staging/definition.ts';
import { changesSince, definitionChanges } from '../../src/staging/definition-changes.ts';

const column = (name: string, more: Partial<DefinedColumn> = {}): DefinedColumn => ({
  name,
  source: name,
  type: 'varchar',
  treatment: 'keep',
  ...more,
});
const pseudonym = (name: string, kind = 'person'): DefinedColumn =>
  column(name, { treatment: 'pseudonym', pseudonymKind: kind });
const masked = (name: string, mask = 'last_four'): DefinedColumn => column(name, { treatment: 'mask', mask });
const table = (columns: DefinedColumn[], more: Partial<TableDefinition> = {}): TableDefinition => ({
  key: ['id'],
  columns: [column('id'), ...columns],
  ...more,
});

/** `what column narrows`, for each change. */
const told = (before: TableDefinition, now: TableDefinition) =>
  definitionChanges(before, now).map((c) => `${c.change} ${c.column}${c.narrows ? ' narrows' : ''}`.trim());

describe('definitionChanges', () => {
  it.each<[string, TableDefinition, TableDefinition, string[]]>([
    ['a column excluded', table([column('a')]), table([]), ['left_behind a narrows']],
    ['a column taken in', table([]), table([column('a')]), ['added a']],
    [
      'values that become pseudonyms',
      table([column('a')]),
      table([pseudonym('a')]),
      ['pseudonymised a narrows'],
    ],
    ['pseudonyms that become values', table([pseudonym('a')]), table([column('a')]), ['readable a']],
    [
      'pseudonyms of another kind',
      table([pseudonym('a')]),
      table([pseudonym('a', 'login')]),
      ['repseudonymised a narrows'],
    ],
    [
      'pseudonyms by another key',
      table([pseudonym('a')], { pseudonymKey: '1' }),
      table([pseudonym('a')], { pseudonymKey: '2' }),
      ['repseudonymised a narrows'],
    ],
    ['values that are masked', table([column('a')]), table([masked('a')]), ['masked a narrows']],
    ['pseudonyms that are masked', table([pseudonym('a')]), table([masked('a')]), ['masked a narrows']],
    ['another mask', table([masked('a')]), table([masked('a', 'redact')]), ['masked a narrows']],
    ['masked values that are kept', table([masked('a')]), table([column('a')]), ['unmasked a']],
    [
      'masked values that become pseudonyms',
      table([masked('a')]),
      table([pseudonym('a')]),
      ['pseudonymised a narrows'],
    ],
    [
      'days shifted by a further key, which nothing shifts on',
      table([masked('a', 'shift 9 by id')], { pseudonymKey: '1' }),
      table([masked('a', 'shift 9 by id')], { pseudonymKey: '1.2' }),
      ['masked a narrows'],
    ],
    [
      'a further key of other columns',
      table([masked('a'), pseudonym('b')], { pseudonymKey: '1' }),
      table([masked('a'), pseudonym('b')], { pseudonymKey: '1.2' }),
      ['rotated b narrows'],
    ],
    ['a new name', table([column('a')]), table([column('b', { source: 'a' })]), ['renamed a']],
    [
      'a name that another column takes over',
      table([column('a')]),
      table([column('a', { source: 'other' })]),
      ['left_behind a narrows', 'added a'],
    ],
    [
      'a column gone at the source',
      table([column('a')]),
      table([column('a', { absent: true })]),
      ['vanished a'],
    ],
    ['and back again', table([column('a', { absent: true })]), table([column('a')]), ['returned a']],
    ['another key', table([column('a')]), table([column('a')], { key: ['a'] }), ['rekeyed']],
    [
      'nothing',
      table([pseudonym('a')], { pseudonymKey: '1' }),
      table([pseudonym('a')], { pseudonymKey: '1' }),
      [],
    ],
  ])('tells of %s', (_, before, now, changes) => {
    expect(told(before, now)).toEqual(changes);
    expect(definitionDigest(before) === definitionDigest(now)).toBe(changes.length === 0);
  });

  it.each<[LakeType, LakeType, string]>([
    ['integer', 'bigint', 'widened'],
    ['integer', 'decimal(18,0)', 'widened'],
    ['real', 'double', 'widened'],
    ['bigint', 'double', 'retyped'],
    ['decimal(38,10)', 'decimal(5,2)', 'retyped'],
    ['varchar', 'integer', 'retyped'],
  ])('tells of %s that becomes %s as %s', (from, to, change) => {
    const [found] = definitionChanges(
      table([column('n', { type: from })]),
      table([column('n', { type: to })]),
    );

    expect(found).toEqual({ column: 'n', change, from, to, narrows: false });
  });

  const anyPart = {
    name: fc.constantFrom('a', 'b', 'c'),
    type: fc.constantFrom<LakeType>('integer', 'varchar'),
    treatment: fc.constantFrom<DefinedColumn['treatment']>('keep', 'pseudonym'),
    absent: fc.boolean(),
  };
  const anyColumn = fc.record({ source: fc.constantFrom('x', 'y', 'z'), ...anyPart });
  const anyTable = fc.record({
    key: fc.constantFrom('a', 'b').map((name) => [name]),
    columns: fc.uniqueArray(anyColumn, { selector: ({ source }) => source }),
    pseudonymKey: fc.constantFrom('1', '2'),
  });
  /** Two definitions of any kind, or one and the same but for a few parts of its first column. */
  const anyTwo = fc
    .tuple(anyTable, anyTable, fc.record(anyPart, { requiredKeys: [] }), fc.boolean())
    .map(([before, now, parts, isNear]): [TableDefinition, TableDefinition] => {
      if (!isNear) return [before, now];
      const columns = before.columns.map((one, i) => (i === 0 ? { ...one, ...parts } : one));
      return [before, { ...before, columns }];
    });

  it('finds no change exactly where the digests are the same, but for a key that no pseudonym needs', () => {
    fc.assert(
      fc.property(anyTwo, ([before, now]) => {
        const has = [before, now].some(({ columns }) => columns.some((c) => c.treatment === 'pseudonym'));
        const after = has ? now : { ...now, pseudonymKey: before.pseudonymKey };
        const isSame = definitionDigest(before) === definitionDigest(after);
        expect(definitionChanges(before, after).length === 0).toBe(isSame);
      }),
    );
  });

  it('narrows wherever the version has values that the new definition does not make', () => {
    const values = ({ columns, pseudonymKey }: TableDefinition) =>
      columns.map((c) => `${c.source} ${c.treatment === 'pseudonym' ? pseudonymKey : 'as it is'}`);
    fc.assert(
      fc.property(anyTwo, ([before, now]) => {
        const shown = new Set<string>(now.columns.filter((c) => c.treatment === 'keep').map((c) => c.source));
        const made = new Set(values(now));
        // A value that is shown as it is from now on may have been shown as a pseudonym.
        const hidden = values(before).filter((v) => !made.has(v) && !shown.has(v.split(' ')[0]!));
        expect(definitionChanges(before, now).some(({ narrows }) => narrows)).toBe(hidden.length > 0);
      }),
    );
  });
});

describe('changesSince', () => {
  const old: TableVersion = {
    table: 'canvas.users',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'a', type: 'varchar' },
    ],
    rows: 1,
    storage: {},
  };
  const narrows = (now: TableDefinition) => changesSince(old, now).map((c) => c.narrows);

  it('has a version of an older lake staged again, and withdraws it where it may show too much', () => {
    expect(narrows(table([column('a')]))).toEqual([false]);
    expect(narrows(table([column('a'), column('b')]))).toEqual([false]);
    expect(narrows(table([]))).toEqual([false, true]);
    expect(narrows(table([pseudonym('a')]))).toEqual([false, true]);
  });
});

it('keeps the digest of definitions of lakes that knew no masks', () => {
  expect(definitionDigest(table([pseudonym('a'), column('b')], { pseudonymKey: '1' }))).toBe(
    '9e781bd13f163788',
  );
});
