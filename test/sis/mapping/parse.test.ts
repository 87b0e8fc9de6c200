import { describe, expect, it } from 'vitest';
import { MappingError } from '../../../src/sis/errors.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { rule, select, transform } from './sis-table.ts';

function issuesOf(...rules: unknown[]): string[] {
  try {
    parseMappings({ rules });
  } catch (error) {
    if (error instanceof MappingError) return error.issues.map((issue) => `${issue.rule}: ${issue.text}`);
    throw error;
  }
  return [];
}

const everything = () => select('include', '%', '%');

describe('Table mappings', () => {
  it('are taken as DMS writes them in its own manual', () => {
    // The sample of "Selection rules and actions" and of "Transformation rules and actions".
    const parsed = parseMappings({
      rules: [
        {
          'rule-type': 'transformation',
          'rule-id': '3',
          'rule-name': '3',
          'rule-action': 'rename',
          'rule-target': 'schema',
          'object-locator': { 'schema-name': 'Test' },
          value: 'Test1',
        },
        {
          'rule-type': 'selection',
          'rule-id': '1',
          'rule-name': '1',
          'object-locator': { 'schema-name': 'Test', 'table-name': '%' },
          'rule-action': 'include',
        },
        {
          'rule-type': 'selection',
          'rule-id': 2,
          'rule-name': '2',
          'object-locator': { 'schema-name': 'Test', 'table-name': 'DMS%' },
          'rule-action': 'exclude',
          filters: [],
        },
      ],
    });

    expect(parsed.selections.map((one) => [one['rule-id'], one['rule-action']])).toEqual([
      [1, 'include'],
      [2, 'exclude'],
    ]);
    expect(parsed.schemas[0]).toMatchObject({ 'rule-id': 3, value: 'Test1' });
  });

  it.each([
    [undefined],
    [{}],
    [{ rules: [] }],
    [{ rules: 'x' }],
    [{ rules: [select('include', '%', '%')], more: 1 }],
  ])('that are no list of rules are refused: %j', (json) => {
    expect(() => parseMappings(json, 'sis')).toThrow(/expected an object \{"rules"/);
  });

  it('name every wrong rule at once, with what was expected', () => {
    const issues = issuesOf(
      select('includes', 'a', 'b', { 'rule-id': '7' }),
      select('include', 'a', undefined as unknown as string, { 'rule-id': '8' }),
      transform('column', 'rename', ['a', 'b', 'c'], { 'rule-id': '9' }),
      select('include', 'a[', 'b', { 'rule-id': '10' }),
      { 'rule-type': 'selektion' },
    );

    expect(issues).toEqual([
      expect.stringMatching(/^7: rule-action: .*include.*exclude.*explicit/),
      expect.stringMatching(/^8: object-locator\.table-name: expected string/),
      expect.stringMatching(/^9: value: expected string/),
      expect.stringMatching(/^10: schema-name: .*bracket/),
      expect.stringMatching(/^#5: rule-type "selektion" is unknown; expected selection/),
    ]);
  });

  it.each([
    [rule({ 'rule-type': 'post-processing' }), /post-processing.*not supported.*tags/],
    [transform('column', 'add-column', ['%', '%']), /add-column.*SQLite/],
    [transform('table', 'define-primary-key', ['%', '%']), /define-primary-key.*no keys/],
    [transform('column', 'add-before-image-columns', ['%', '%']), /before-image/],
    [transform('column', 'data-masking-hash-mask', ['%', '%', 'ssn']), /treatment: pseudonym/],
    [
      rule({ 'rule-type': 'transformation', 'rule-target': 'table-tablespace', 'rule-action': 'rename' }),
      /tablespace/,
    ],
    [
      rule({
        'rule-type': 'table-settings',
        'object-locator': { 'schema-name': 'a', 'table-name': 'b' },
        'parallel-load': { type: 'partitions-auto' },
      }),
      /partitions-auto.*ranges only/,
    ],
    [
      rule({
        'rule-type': 'table-settings',
        'object-locator': { 'schema-name': 'a', 'table-name': 'b' },
        'lob-settings': { mode: 'limited' },
      }),
      /lob-settings.*whole/,
    ],
  ])('refuse by name what is not done here: %#', (refused, reason) => {
    expect(issuesOf(everything(), refused)).toEqual([expect.stringMatching(reason)]);
  });

  it('want exact names where DMS wants them', () => {
    const filters = [
      { 'filter-type': 'source', 'column-name': 'a', 'filter-conditions': [{ 'filter-operator': 'null' }] },
    ];
    const settings = {
      'rule-type': 'table-settings',
      'object-locator': { 'schema-name': 'a', 'table-name': 'b%' },
      'parallel-load': { type: 'ranges', columns: ['id'], boundaries: [['5']] },
    };

    expect(issuesOf(select('include', 'a', 'b%', { filters }))).toEqual([
      expect.stringMatching(/filters want the exact/),
    ]);
    expect(issuesOf(select('include', 'a', 'b[_]c', { filters }))).toEqual([]);
    expect(issuesOf(everything(), select('exclude', 'a', 'b', { filters }))).toEqual([
      expect.stringMatching(/belong to a rule that includes/),
    ]);
    expect(issuesOf(everything(), rule(settings))).toEqual([
      expect.stringMatching(/exact names of one table/),
    ]);
  });

  it('let a negative condition stand alone only', () => {
    const filters = [
      {
        'filter-type': 'source',
        'column-name': 'a',
        'filter-conditions': [
          { 'filter-operator': 'noteq', value: '1' },
          { 'filter-operator': 'eq', value: '2' },
        ],
      },
    ];

    expect(issuesOf(select('include', 'a', 'b', { filters }))).toEqual([
      expect.stringMatching(/negative condition/),
    ]);
  });

  it('have no two rules of one id or name, and select something', () => {
    const twice = { 'rule-id': '5', 'rule-name': 'five' };

    expect(issuesOf(select('include', 'a', 'b', twice), select('include', 'a', 'c', twice))).toEqual([
      '5: rule-id "5" is used twice; it must be unique',
      '5: rule-name "five" is used twice; it must be unique',
    ]);
    expect(issuesOf(select('exclude', 'a', 'b'))).toEqual([expect.stringMatching(/no rule selects a table/)]);
  });
});
