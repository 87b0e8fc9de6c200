import { describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import type { CatalogColumn } from '../../../src/campus/catalog-schema.ts';
import { deriveMappings } from '../../../src/sis/mapping/derive.ts';
import { evaluateMappings } from '../../../src/sis/mapping/evaluate.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { sisTable } from './sis-table.ts';

function dataset(
  namespace: string,
  table: string,
  columns: string,
  more: Partial<CatalogDataset> = {},
): CatalogDataset {
  return {
    source: 'sis',
    id: `sis.${namespace}_${table}`,
    name: `${namespace}_${table}`,
    namespace,
    table,
    key: [],
    columns: columns.split(',').map((text): CatalogColumn => {
      const name = text.replace('!', '');
      return {
        name: name.toLowerCase(),
        source: name,
        type: 'varchar',
        privacy: text.endsWith('!') ? 'secret' : 'none',
      };
    }),
    ...more,
  };
}

const treatment = (column: CatalogColumn) => (column.privacy === 'secret' ? 'exclude' : 'keep');
const copied = (
  datasets: CatalogDataset[],
  tables = datasets.map((d) => sisTable(`${d.namespace}.${d.table}(${d.columns.map((c) => c.source)})`)),
) =>
  Object.fromEntries(
    evaluateMappings(parseMappings(deriveMappings(datasets, treatment)), tables).tables.map((table) => [
      table.source.name,
      table.columns.map((column) => column.source).join(),
    ]),
  );

describe('Mappings derived from the catalog', () => {
  it('ask for a view as a view, and for a text where the catalog wants one', () => {
    const view = dataset('reg', 'seen', 'id', { kind: 'view' });
    const long = dataset('reg', 'long', 'n', {
      columns: [{ name: 'n', type: 'varchar', copyAs: 'text', privacy: 'none' }],
    });
    const sources = [
      sisTable('reg.seen(id)', { kind: 'view' }),
      sisTable('reg.long(n)', {
        columns: [{ name: 'n', type: 'numeric', nullable: true }],
      }),
    ];

    const mappings = parseMappings(deriveMappings([view, long], treatment));
    const { tables, warnings } = evaluateMappings(mappings, sources);

    expect(warnings).toEqual([]);
    expect(tables.map(({ source, columns }) => [source.name, columns[0]!.travel.lake])).toEqual([
      ['seen', 'varchar'],
      ['long', 'varchar'],
    ]);
    // A table of that name is another thing.
    expect(evaluateMappings(mappings, [sisTable('reg.seen(id)')]).tables).toEqual([]);
  });

  it('copy exactly its tables, without what is excluded', () => {
    const datasets = [
      dataset('person', 'student_id', 'ID,Ssn!,name'),
      dataset('person', 'parent', 'ID,Ssn!'),
      dataset('aid', 'award', 'ID,Ssn'),
    ];
    const source = [
      sisTable('person.student_id(ID,Ssn,name,brand_new)'),
      sisTable('person.studentXid(ID)'),
      sisTable('person.parent(ID,Ssn)'),
      sisTable('aid.award(ID,Ssn)'),
      sisTable('aid.not_in_catalog(ID)'),
    ];

    expect(copied(datasets, source)).toEqual({
      student_id: 'ID,name,brand_new',
      parent: 'ID',
      award: 'ID,Ssn',
    });
  });

  it('speak of one table where another of the schema keeps the column', () => {
    const datasets = [
      dataset('a', 'one', 'id,note!'),
      dataset('a', 'two', 'id,note'),
      dataset('a', 'three', 'id,note!'),
    ];

    expect(copied(datasets)).toEqual({ one: 'id', two: 'id,note', three: 'id' });
  });

  it('load wanted datasets first', () => {
    const datasets = [dataset('a', 'one', 'id'), dataset('a', 'two', 'id', { priority: 9 })];

    expect(Object.keys(copied(datasets))).toEqual(['two', 'one']);
  });

  it('stay under 2 MB for 2,500 tables with columns that are excluded here and there', () => {
    const datasets = Array.from({ length: 2500 }, (_, i) =>
      dataset(
        `schema_${i % 12}`,
        `a_table_of_some_length_${i}`,
        `id,ssn!,remark!,note_${i}!,code${i % 2 ? '!' : ''}`,
      ),
    );

    const size = JSON.stringify(deriveMappings(datasets, treatment)).length;

    expect(size).toBeLessThan(2_000_000);
    expect(copied(datasets).a_table_of_some_length_7).toBe('id');
  });

  it('let times of day leave as text, which Athena can read, unless they are excluded', () => {
    const columns: CatalogColumn[] = [
      { name: 'id', type: 'bigint', privacy: 'none' },
      { name: 'meets_from', source: 'MEETS_FROM', type: 'time', privacy: 'none' },
      { name: 'office_from', type: 'time', privacy: 'secret' },
    ];
    const { rules } = deriveMappings([dataset('registrar', 'section', 'ID', { columns })], treatment) as {
      rules: { [key: string]: unknown }[];
    };

    expect(rules.filter((rule) => rule['rule-action'] === 'change-data-type')).toMatchObject([
      {
        'rule-target': 'column',
        'object-locator': {
          'schema-name': 'registrar',
          'table-name': 'section',
          'column-name': 'MEETS[_]FROM',
        },
        'data-type': { type: 'string', length: 15 },
      },
    ]);
    expect(() => parseMappings({ rules } as never)).not.toThrow();
  });
});
