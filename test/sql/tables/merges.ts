import type { TableColumn } from '../../../src/ports/tables.ts';

/** What a load says of the row with an id at a minute: its values, by column; null where it was removed. */
export type Told = readonly [minute: number, id: number, row: Row | null];
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The first is a snapshot, the others are merged into it one after another. The last knows no column `note`. */
type Loads = readonly [
  snapshot: readonly Told[],
  first?: readonly Told[],
  second?: readonly Told[],
  withoutNote?: readonly Told[],
];

export const LOADS = 4;
/** Every scenario has rows of its own in one table, so that one merge serves them all. */
export const KEY = ['scenario', 'id'];
export const COLUMNS: readonly TableColumn[] = [
  { name: 'scenario', type: 'varchar' },
  { name: 'id', type: 'bigint' },
  { name: 'name', type: 'varchar' },
  { name: 'points', type: 'decimal(5,2)' },
  { name: 'score', type: 'double' },
  { name: 'tries', type: 'integer' },
  { name: 'born_on', type: 'date' },
  { name: 'seen_at', type: 'timestamp' },
  { name: 'is_open', type: 'boolean' },
  { name: 'note', type: 'varchar' },
];
export const columnsOf = (load: number): readonly TableColumn[] =>
  COLUMNS.filter(({ name }) => load < LOADS - 1 || name !== 'note');

const FULL: Row = {
  name: "Zoë O'Hara 李雷",
  points: 12.5,
  score: 0.1,
  tries: 3,
  born_on: '2008-02-29',
  seen_at: '2026-03-08T07:59:59.123Z',
  is_open: true,
  note: '',
};
const named = (name: string | null, more: Row = {}): Row => ({ name, ...more });

/** What can happen to rows when changes are merged into a table. */
export const MERGES: { readonly [scenario: string]: Loads } = {
  'a row of every type': [[[1, 1, FULL]]],
  'a new row': [[[1, 1, named('a')]], [[2, 2, FULL]]],
  'a changed row': [[[1, 1, named('a')]], [[2, 1, FULL]], [[3, 1, named('c', { tries: 1 })]]],
  'values that become empty': [[[1, 1, FULL]], [[2, 1, named(null)]]],
  'empty values that are filled': [[[1, 1, named(null)]], [[2, 1, FULL]]],
  'a row told again': [[[1, 1, named('a')]], [[2, 1, named('b')]], [[2, 1, named('b')]]],
  'a row that is older than what is known': [[[5, 1, named('new')]], [[2, 1, named('old')]]],
  'two values at one instant in two loads': [
    [[1, 1, named('a')]],
    [[2, 1, named('b')]],
    [[2, 1, named('c')]],
  ],
  'two values at one instant in one load': [
    [],
    [
      [2, 1, named('b')],
      [2, 1, named('c')],
      [2, 1, named(null)],
      [2, 2, named('é')],
      [2, 2, named('z')],
      [2, 2, named('Z')],
    ],
  ],
  'several values in one load': [
    [[1, 1, named('a')]],
    [
      [4, 1, named('newest')],
      [2, 1, named('b')],
      [3, 1, named('c')],
    ],
  ],
  'several values in the snapshot': [
    [
      [3, 1, named('newest')],
      [2, 1, named('b')],
      [2, 2, named('stays')],
    ],
  ],
  'a removal': [
    [
      [1, 1, named('a')],
      [1, 2, named('stays')],
    ],
    [[2, 1, null]],
  ],
  'a removal that is older than the row': [[[5, 1, named('a')]], [[2, 1, null]]],
  'a removal at the instant of the row': [[[2, 1, named('a')]], [[2, 1, null]]],
  'a removal and a value at one instant in one load': [
    [[1, 1, named('a')]],
    [
      [2, 1, named('b')],
      [2, 1, null],
    ],
  ],
  'a row that comes back': [[[1, 1, named('a')]], [[2, 1, null]], [[3, 1, named('back')]]],
  'a row that comes back and goes': [
    [[1, 1, named('a')]],
    [
      [2, 1, null],
      [3, 1, named('back')],
    ],
    [[4, 1, null]],
  ],
  'an old value after its removal': [[[1, 1, named('a')]], [[5, 1, null]], [[3, 1, named('late')]]],
  'a value at the instant of its removal': [[[1, 1, named('a')]], [[5, 1, null]], [[5, 1, named('late')]]],
  'the removal of a row nobody knows': [[[1, 2, named('stays')]], [[2, 1, null]]],
  'an old value after the removal of a row nobody knew': [[], [[5, 1, null]], [[3, 1, named('late')]]],
  'a new value after the removal of a row nobody knew': [[], [[5, 1, null]], [[6, 1, named('new')]]],
  'a removal told again, older and newer': [
    [[1, 1, named('a')]],
    [[5, 1, null]],
    [[4, 1, null]],
    [[6, 1, named('new')]],
  ],
  'a removal that moves on': [[[1, 1, named('a')]], [[3, 1, null]], [[7, 1, null]], [[5, 1, named('late')]]],
  'a column that is no longer delivered': [
    [
      [1, 1, FULL],
      [1, 2, { ...FULL, note: 'kept' }],
    ],
    [],
    [],
    [[2, 1, { name: 'without a note' }]],
  ],
  'a load without changes': [[[1, 1, FULL]], [], [], []],
};
