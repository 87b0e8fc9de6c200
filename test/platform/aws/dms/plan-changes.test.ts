import { describe, expect, it } from 'vitest';
import type { ChangesRecord } from '../../../../src/platform/aws/dms/changes-record.ts';
import { digestOf } from '../../../../src/platform/aws/dms/changes-record.ts';
import { planChanges } from '../../../../src/platform/aws/dms/plan-changes.ts';
import { mappingsFor } from '../../../contract/replication.ts';

const RULES = { tablesPerTask: 2, reloadDays: 28, maxLobKb: 31 };
const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;
const request = (load: string, tables: readonly string[], ...more: readonly object[]) => ({
  source: 'sis',
  load,
  prefix: `raw/sis/${load}`,
  changes: { mappings: mappingsFor('reg', tables, ...more), prefix: 'raw/sis-changes', feeds: {} },
});
const leave = (table: string, column: string) => ({
  'rule-type': 'transformation',
  'rule-target': 'column',
  'rule-action': 'remove-column',
  'object-locator': { 'schema-name': 'reg', 'table-name': table, 'column-name': column },
});
const tablesOf = ({ tasks }: ChangesRecord) =>
  tasks.map(({ mappings }) =>
    (mappings as { rules: { 'rule-type': string; 'object-locator': { 'table-name': string } }[] }).rules
      .filter((rule) => rule['rule-type'] === 'selection')
      .map((rule) => rule['object-locator']['table-name']),
  );
const begun = planChanges(undefined, request('one', ['a', 'b', 'c'], leave('a', 'ssn')), NOW, RULES).record;

describe('what the tasks of changes shall be', () => {
  it('is the whole SIS at first, in tasks of their own and below the folder of the load', () => {
    expect(begun).toMatchObject({
      generation: 'one',
      folder: 'raw/sis-changes/one',
      begunAt: '2026-11-22T00:00:00.000Z',
    });
    expect(tablesOf(begun)).toEqual([['a', 'b'], ['c']]);
    expect(new Set(begun.tasks.map(({ id }) => id)).size).toBe(2);
  });

  it('stays as it is, whatever the rules are called and whatever their order', () => {
    const later = request('two', ['c', 'b', 'a'], leave('a', 'ssn'));

    const { record, remark } = planChanges(begun, later, NOW + DAY, RULES);

    expect(remark).toBeUndefined();
    expect(record.generation).toBe('one');
    expect(tablesOf(record).map((tables) => tables.sort())).toEqual([['a', 'b'], ['c']]);
    expect(digestOf(record.tasks[1]!.mappings)).toBe(digestOf(begun.tasks[1]!.mappings));
  });

  it('gains tables where there is room, then in more tasks, and loses those that are gone', () => {
    const more = planChanges(
      begun,
      request('two', ['a', 'b', 'c', 'd', 'e'], leave('a', 'ssn')),
      NOW,
      RULES,
    ).record;
    const less = planChanges(more, request('three', ['b', 'd', 'e']), NOW, RULES).record;
    const again = planChanges(less, request('four', ['b', 'd', 'e', 'f', 'g']), NOW, RULES).record;

    expect(tablesOf(more)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(tablesOf(less)).toEqual([['b'], ['d'], ['e']]);
    expect([more, less, again].map(({ generation }) => generation)).toEqual(['one', 'one', 'one']);
    expect(tablesOf(again)).toEqual([['b', 'f'], ['d', 'g'], ['e']]);
    const ids = [begun, more].flatMap(({ tasks }) => tasks.map(({ id }) => id));
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    [
      'a table that flows is to flow otherwise',
      request('two', ['a', 'b', 'c'], leave('a', 'name')),
      begun,
      NOW,
      /table mappings/,
    ],
    ['a column of it is to flow that did not', request('two', ['a', 'b', 'c']), begun, NOW, /table mappings/],
    [
      'DMS could not go on',
      request('two', ['a', 'b', 'c']),
      { ...begun, broken: 'DMS lost its slot' },
      NOW,
      /DMS lost its slot/,
    ],
    [
      'its days are over',
      request('two', ['a', 'b', 'c'], leave('a', 'ssn')),
      begun,
      NOW + 28 * DAY,
      /every 28 days/,
    ],
    [
      'a table has failed for a week',
      request('two', ['a', 'b', 'c'], leave('a', 'ssn')),
      { ...begun, failing: true },
      NOW + 7 * DAY,
      /failed/,
    ],
    [
      'the limit of long values is another',
      request('two', ['a', 'b', 'c'], leave('a', 'ssn')),
      { ...begun, maxLobKb: 64 },
      NOW + DAY,
      /maxLobKb/,
    ],
  ])('begins again, and says why, when %s', (_when, wanted, before, now, why) => {
    const { record, remark } = planChanges(before, wanted, now, RULES);

    expect(record).toMatchObject({ generation: 'two', folder: 'raw/sis-changes/two', tested: [] });
    expect(record.broken).toBeUndefined();
    expect(remark).toMatch(why);
    // Tasks of the generation before go: none has a name of theirs.
    expect(record.tasks.filter(({ id }) => begun.tasks.some((task) => task.id === id))).toEqual([]);
  });

  it('is planned once for a load, also when its start is repeated after a kill', () => {
    const first = planChanges({ ...begun, broken: 'x' }, request('two', ['a']), NOW, RULES).record;

    expect(planChanges(first, request('two', ['a']), NOW + 1, RULES)).toEqual({ record: first });
  });
});
