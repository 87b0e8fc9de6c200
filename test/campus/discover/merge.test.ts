import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CatalogFile, catalogFileSchema } from '../../../src/campus/catalog-schema.ts';
import { type FoundColumn, type FoundTable, noChanges } from '../../../src/campus/discover/found.ts';
import { emptyCatalog, type Merged, mergeCatalog } from '../../../src/campus/discover/merge.ts';
import { countProposed } from '../../../src/campus/discover/proposed.ts';
import { readYaml } from '../../../src/campus/read-yaml.ts';
import { propertyRuns } from '../../property-runs.ts';

const PATH = 'catalog/sis.yaml';
const BY_HAND = `# Our SIS. Ask Ada before changing anything here.
source: sis
datasets:
  # people first
  - name: people
    namespace: registrar
    table: persons
    key: [id]
    owner: "Ada L."   # three blanks, and quotes that nobody needs
    columns:
      - { name: id,   type: bigint,  privacy: direct, treatment: keep }   # aligned
      - { name: born, source: birth_date, type: varchar, nullable: false, privacy: quasi } # proposed: birth, death or age
      - name: nickname
        type: varchar
        privacy: direct

    freshness: 3d
  - name: holds
    namespace: registrar
    table: holds
    key: []
    columns: [{ name: code, type: varchar, privacy: education }]
# the end
`;

const column = (name: string, type: FoundColumn['type'] = 'varchar', nullable = true): FoundColumn => ({
  name,
  type,
  nullable,
});
const PERSONS: FoundTable = {
  namespace: 'registrar',
  table: 'persons',
  key: ['id'],
  columns: [column('id', 'bigint', false), column('birth_date', 'varchar', false), column('nickname')],
};
const HOLDS: FoundTable = { namespace: 'registrar', table: 'holds', key: [], columns: [column('code')] };

function parse(text: string): CatalogFile {
  const file = readYaml(PATH, text, catalogFileSchema);
  expect(file.problems().map((p) => p.text)).toEqual([]);
  return file.value!;
}

function merge(
  text: string,
  found: readonly FoundTable[],
  today = '2026-11-22',
  more = {},
): Merged & { text: string } {
  const part = { path: PATH, text, value: parse(text) };
  const merged = mergeCatalog({
    source: 'sis',
    found,
    parts: [part],
    partFor: () => part,
    campus: { privacy: { defaults: {}, undecided: 'allow' } },
    propose: (_, { name }) =>
      name.includes('ssn') ? { privacy: 'secret', why: 'a national id' } : { privacy: 'none', why: '' },
    today,
    ...more,
  });
  return { ...merged, text: merged.texts.get(PATH) ?? text };
}

/** Lines of `after` that `before` lacks, and the other way round. */
function diff(before: string, after: string): { added: string[]; removed: string[] } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  return { added: b.filter((l) => !a.includes(l)), removed: a.filter((l) => !b.includes(l)) };
}

describe('a discovery that finds what the catalog says', () => {
  it('changes no byte', () => {
    const merged = merge(BY_HAND, [PERSONS, HOLDS]);
    expect([...merged.texts]).toEqual([]);
    expect(merged.changes).toEqual(noChanges());
  });
});

describe('a discovery that finds something new', () => {
  it('appends a column behind the last one, marked as proposed', () => {
    const { text, changes } = merge(BY_HAND, [
      { ...PERSONS, columns: [...PERSONS.columns, column('SSN', 'varchar')] },
      HOLDS,
    ]);
    expect(diff(BY_HAND, text)).toEqual({
      added: ['      - { name: ssn, source: SSN, type: varchar, privacy: none } # proposed'],
      removed: [],
    });
    expect(changes.newColumns).toEqual([{ id: 'sis.people', column: 'ssn', privacy: 'none' }]);
    expect(parse(text).datasets[0]!.columns.map((c) => c.name)).toEqual(['id', 'born', 'nickname', 'ssn']);
  });

  it('appends to a list in one line too', () => {
    const { text } = merge(BY_HAND, [
      PERSONS,
      { ...HOLDS, columns: [column('code'), column('ssn'), column('note')] },
    ]);
    expect(parse(text).datasets[1]!.columns).toEqual([
      { name: 'code', type: 'varchar', privacy: 'education' },
      { name: 'ssn', type: 'varchar', privacy: 'secret' },
      { name: 'note', type: 'varchar', privacy: 'none' },
    ]);
    expect(diff(BY_HAND, text).removed).toHaveLength(1);
  });

  it('appends a table, names that the lake can bear, types that need quotes', () => {
    const table: FoundTable = {
      namespace: 'Aid Office',
      table: '2024-Awards',
      key: ['Award Nr'],
      columns: [
        column('Award Nr', 'bigint', false),
        column('award_nr'),
        column('amount', 'decimal(12,2)'),
        { ...column('true'), description: 'Says: yes. And more of it.' },
        { ...column('paid_at', 'timestamp'), description: 'paid at' },
      ],
    };
    const { text, changes } = merge(BY_HAND, [PERSONS, HOLDS, table]);
    expect(diff(BY_HAND, text).added).toEqual([
      '  - name: aid_office_2024_awards',
      '    namespace: "Aid Office"',
      '    table: "2024-Awards"',
      '    key: [award_nr]',
      '      - { name: award_nr, source: "Award Nr", type: bigint, nullable: false, privacy: none } # proposed',
      '      - { name: award_nr_2, source: award_nr, type: varchar, privacy: none } # proposed',
      '      - { name: amount, type: "decimal(12,2)", privacy: none } # proposed',
      '      - { name: "true", type: varchar, privacy: none, description: "Says: yes." } # proposed',
      '      - { name: paid_at, type: timestamp, privacy: none } # proposed',
    ]);
    expect(changes.newTables).toEqual([{ id: 'sis.aid_office_2024_awards', columns: 5 }]);
    expect(parse(text).datasets).toHaveLength(3);
  });

  it('does not load a table whose key would stay outside', () => {
    const table: FoundTable = {
      namespace: 'x',
      table: 'ids',
      key: ['ssn'],
      columns: [column('ssn'), column('a')],
    };
    const { text, changes } = merge(BY_HAND, [PERSONS, HOLDS, table]);
    expect(changes.heldBack).toEqual(['sis.x_ids']);
    expect(parse(text).datasets[2]!.load).toBe('off');
    expect(text).toContain(
      'load: off # its key ssn would stay outside: give that column treatment keep or pseudonym',
    );
  });

  it('writes new tables switched off where that is asked for', () => {
    const table: FoundTable = { namespace: 'x', table: 'y', key: [], columns: [column('a')] };
    expect(
      parse(merge(BY_HAND, [PERSONS, HOLDS, table], undefined, { off: true }).text).datasets[2]!.load,
    ).toBe('off');
  });
});

describe('a discovery that misses something', () => {
  const without = { ...PERSONS, columns: PERSONS.columns.slice(0, 2) };

  it('keeps it and marks it, once', () => {
    const first = merge(BY_HAND, [without]);
    expect(diff(BY_HAND, first.text).added).toEqual([
      '      - name: nickname # gone at the source since 2026-11-22',
      '  - name: holds # gone at the source since 2026-11-22',
    ]);
    expect(first.changes).toMatchObject({
      goneTables: ['sis.holds'],
      goneColumns: [{ id: 'sis.people', column: 'nickname' }],
    });
    const second = merge(first.text, [without], '2026-12-24');
    expect(second.text).toBe(first.text);
    expect(second.changes.goneTables).toEqual(['sis.holds']);
  });

  it('adds the mark to a comment, and takes it away when the column is back', () => {
    const gone = merge(BY_HAND, [{ ...PERSONS, columns: [PERSONS.columns[0]!, PERSONS.columns[2]!] }, HOLDS]);
    expect(gone.text).toContain('# proposed: birth, death or age; gone at the source since 2026-11-22\n');
    const back = merge(gone.text, [PERSONS, HOLDS]);
    expect(back.text).toBe(BY_HAND);
    expect(back.changes.backAgain).toEqual(['sis.people.born']);
  });

  it('says nothing of a schema that was not read', () => {
    const merged = merge(BY_HAND, [], undefined, { scope: ['other'] });
    expect([...merged.texts]).toEqual([]);
  });
});

describe('a discovery that finds another type', () => {
  const changed = (...columns: FoundColumn[]) => merge(BY_HAND, [{ ...PERSONS, columns }, HOLDS]);

  it('follows it on a line that nobody has looked at', () => {
    const { text, changes } = changed(
      PERSONS.columns[0]!,
      column('birth_date', 'decimal(8,0)', true),
      PERSONS.columns[2]!,
    );
    expect(diff(BY_HAND, text).added).toEqual([
      '      - { name: born, source: birth_date, type: "decimal(8,0)", nullable: true, privacy: quasi } # proposed: birth, death or age',
    ]);
    expect(changes.changed.every((c) => c.written)).toBe(true);
  });

  it('only reports it where a person has', () => {
    const { texts, changes } = changed(
      column('id', 'varchar', false),
      PERSONS.columns[1]!,
      PERSONS.columns[2]!,
    );
    expect([...texts]).toEqual([]);
    expect(changes.changed).toEqual([
      { id: 'sis.people', column: 'id', from: 'bigint', to: 'varchar', written: false },
    ]);
  });

  it('reports another key and leaves the catalog alone', () => {
    const { texts, changes } = merge(BY_HAND, [{ ...PERSONS, key: ['id', 'birth_date'] }, HOLDS]);
    expect([...texts]).toEqual([]);
    expect(changes.changedKeys).toEqual([{ id: 'sis.people', from: ['id'], to: ['id', 'born'] }]);
  });
});

describe('proposals that nobody has looked at', () => {
  it('are counted in tables that are loaded', () => {
    const table: FoundTable = {
      namespace: 'x',
      table: 'extra',
      key: [],
      columns: [column('a'), column('b')],
    };
    const { text } = merge(BY_HAND, [PERSONS, HOLDS, table]);
    expect(countProposed(text, parse(text))).toBe(3);
    const looked = text.replace(
      '- { name: a, type: varchar, privacy: none } # proposed',
      '- { name: a, type: varchar, privacy: none }',
    );
    expect(countProposed(looked, parse(looked))).toBe(2);
    const off = text.replace('table: extra\n', 'table: extra\n    load: off\n');
    expect(countProposed(off, parse(off))).toBe(1);
  });
});

describe('any sequence of discoveries', () => {
  const names = fc.stringMatching(/^[A-Za-z][A-Za-z _.#:'"é-]{0,8}$/);
  const foundColumn = fc.record({
    name: names,
    type: fc.constantFrom('varchar', 'bigint', 'decimal(10,2)', 'timestamp') as fc.Arbitrary<
      FoundColumn['type']
    >,
    nullable: fc.boolean(),
    description: fc.option(fc.string(), { nil: undefined }),
  });
  const foundTable = fc
    .record({
      namespace: names,
      table: names,
      columns: fc.uniqueArray(foundColumn, { minLength: 1, maxLength: 5, selector: (c) => c.name }),
    })
    .map((t): FoundTable => ({ ...t, key: [t.columns[0]!.name] }));
  const source = fc.uniqueArray(foundTable, {
    maxLength: 4,
    selector: (t) => JSON.stringify([t.namespace, t.table]),
  });
  const start = fc.constantFrom(BY_HAND, emptyCatalog('sis'), BY_HAND.trimEnd());

  it('ends in a valid catalog that describes every table found, and is at rest', () => {
    fc.assert(
      fc.property(start, fc.array(source, { minLength: 1, maxLength: 3 }), (text, discoveries) => {
        const end = discoveries.reduce((t, found) => merge(t, found).text, text);
        const last = discoveries.at(-1)!;
        const tables = parse(end).datasets;
        for (const table of last) {
          const dataset = tables.find((d) => d.namespace === table.namespace && d.table === table.table)!;
          const described = new Map(dataset.columns.map((c) => [c.source ?? c.name, c.type]));
          for (const c of table.columns) expect(described.get(c.name)).toBe(c.type);
        }
        expect(new Set(tables.map((d) => d.name)).size).toBe(tables.length);
        expect(merge(end, last).text).toBe(end);
      }),
      { numRuns: propertyRuns(40) },
    );
  });

  it('keeps every line of a person, in its order', () => {
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 3 }), (discoveries) => {
        const end = discoveries.reduce((t, found) => merge(t, found).text, BY_HAND);
        const lines = end.split('\n').map((l) => l.replace(/(; | # )gone at the source since [\d-]+$/, ''));
        let at = 0;
        for (const line of BY_HAND.split('\n')) {
          at = lines.indexOf(line, at);
          expect(at, line).toBeGreaterThanOrEqual(0);
          at += 1;
        }
      }),
      { numRuns: propertyRuns(40) },
    );
  });
});
