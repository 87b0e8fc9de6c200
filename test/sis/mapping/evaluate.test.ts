import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateMappings } from '../../../src/sis/mapping/evaluate.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { select, sisTable, transform } from './sis-table.ts';

const TABLES = [
  sisTable('registrar.student(id:bigint,name,ssn)', { key: ['id'] }),
  sisTable('registrar.student_term(id:bigint,term,gpa:numeric)'),
  sisTable('registrar.studentXterm(id)'),
  sisTable('registrar.tmp_load(id)'),
  sisTable('aid.award(id,amount:money)'),
  sisTable('aid.award_view(id)', { kind: 'view', pages: 0 }),
];

function evaluate(...rules: unknown[]) {
  return evaluateMappings(parseMappings({ rules }), TABLES);
}
const selected = (...rules: unknown[]) =>
  evaluate(...rules).tables.map((table) => `${table.source.schema}.${table.source.name}`);
const targets = (...rules: unknown[]) =>
  evaluate(...rules).tables.map((table) => `${table.schema}.${table.name}`);

describe('Selection', () => {
  it('excludes whatever the order of the rules', () => {
    const rules = [
      select('include', '%', '%'),
      select('exclude', 'registrar', 'tmp%'),
      select('exclude', 'aid', '%'),
    ];

    fc.assert(
      fc.property(fc.shuffledSubarray(rules, { minLength: rules.length }), (shuffled) => {
        const renumbered = shuffled.map((one, i) => ({
          ...one,
          'rule-id': String(i + 1),
          'rule-name': `n${i}`,
        }));
        expect(selected(...renumbered)).toEqual([
          'registrar.student',
          'registrar.student_term',
          'registrar.studentXterm',
        ]);
      }),
    );
  });

  it('takes exact names literally where the action is explicit, as patterns where it is include', () => {
    expect(selected(select('explicit', 'registrar', 'student_term'))).toEqual(['registrar.student_term']);
    expect(selected(select('include', 'registrar', 'student_term'))).toEqual([
      'registrar.student_term',
      'registrar.studentXterm',
    ]);
    expect(selected(select('include', 'registrar', 'student[_]term'))).toEqual(['registrar.student_term']);
  });

  it('takes views only when it is asked to', () => {
    const award = (type: string) =>
      select('include', 'aid', '%', {
        'object-locator': { 'schema-name': 'aid', 'table-name': '%', 'table-type': type },
      });

    expect(selected(award('table'))).toEqual(['aid.award']);
    expect(selected(award('view'))).toEqual(['aid.award_view']);
    expect(selected(award('all'))).toEqual(['aid.award', 'aid.award_view']);
  });

  it('loads higher orders first, the rest as they come', () => {
    expect(
      selected(select('include', 'registrar', '%'), select('include', 'aid', 'award', { 'load-order': '9' })),
    ).toEqual(['aid.award', ...TABLES.slice(0, 4).map((table) => `${table.schema}.${table.name}`)]);
  });

  it('warns of an explicit table that is excluded, and of a rule that fits nothing', () => {
    const { warnings } = evaluate(
      select('explicit', 'aid', 'award', { 'rule-id': '1' }),
      select('exclude', 'aid', '%', { 'rule-id': '2' }),
      select('include', 'aid', 'gone', { 'rule-id': '3' }),
    );

    expect(warnings).toEqual([
      { rule: '1', text: expect.stringContaining('rule 2 excludes') },
      { rule: '3', text: 'fits no table of the source' },
    ]);
  });
});

describe('Filters', () => {
  const filter = (column: string, ...conditions: object[]) => ({
    'filter-type': 'source',
    'column-name': column,
    'filter-conditions': conditions,
  });
  const sql = (...filters: object[]) =>
    evaluate(select('include', 'registrar', 'student', { filters })).tables[0]!.filter;

  it('join their conditions by OR and themselves by AND', () => {
    expect(
      sql(
        filter('id', { 'filter-operator': 'gte', value: '10' }, { 'filter-operator': 'eq', value: 3 }),
        filter('name', { 'filter-operator': 'notnull' }),
      ),
    ).toBe(`("id" >= '10' OR "id" = '3') AND ("name" IS NOT NULL)`);
  });

  it.each([
    [{ 'filter-operator': 'lte', value: 'a' }, `("name" <= 'a')`],
    [{ 'filter-operator': 'ste', value: 'a' }, `("name" <= 'a')`],
    [{ 'filter-operator': 'noteq', value: 'a' }, `("name" <> 'a')`],
    [{ 'filter-operator': 'between', 'start-value': '1', 'end-value': '2' }, `("name" BETWEEN '1' AND '2')`],
    [
      { 'filter-operator': 'notbetween', 'start-value': '1', 'end-value': '2' },
      `("name" NOT BETWEEN '1' AND '2')`,
    ],
    [{ 'filter-operator': 'null' }, `("name" IS NULL)`],
    [
      { 'filter-operator': 'eq', value: `x'; DROP TABLE student; --` },
      `("name" = 'x''; DROP TABLE student; --')`,
    ],
  ])('write %j as SQL', (condition, expected) => {
    expect(sql(filter('name', condition))).toBe(expected);
  });

  it('cannot name a column that the table lacks, nor come from two rules', () => {
    const one = [filter('nme', { 'filter-operator': 'null' })];
    const other = [filter('id', { 'filter-operator': 'null' })];

    expect(() => sql(...one)).toThrow(/column "nme", which registrar.student does not have/);
    expect(() =>
      evaluate(
        select('include', 'registrar', 'student', { filters: other }),
        select('explicit', 'registrar', 'student', { filters: other }),
      ),
    ).toThrow(/both filter registrar.student/);
  });
});

describe('Transformations', () => {
  const all = select('include', 'registrar', 'student%');

  it.each([
    ['rename', { value: 'X' }, 'X'],
    ['convert-uppercase', {}, 'STUDENT'],
    ['add-prefix', { value: 'p_' }, 'p_student'],
    ['add-suffix', { value: '_s' }, 'student_s'],
    ['remove-prefix', { value: 'stu' }, 'dent'],
    ['remove-prefix', { value: 'other' }, 'student'],
    ['remove-suffix', { value: 'dent' }, 'stu'],
    ['replace-prefix', { value: 'A', 'old-value': 'stu' }, 'Adent'],
    ['replace-suffix', { value: '', 'old-value': 'ent' }, 'stud'],
  ])('%s %j', (action, more, expected) => {
    const rules = [
      select('explicit', 'registrar', 'student'),
      transform('table', action, ['registrar', 'student'], more),
    ];

    expect(targets(...rules)).toEqual([`registrar.${expected}`]);
  });

  it('apply the lowest rule id where several fit one object, and warn', () => {
    const { tables, warnings } = evaluate(
      all,
      transform('schema', 'rename', ['%'], { value: 'second', 'rule-id': '900' }),
      transform('schema', 'rename', ['registrar'], { value: 'first', 'rule-id': '800' }),
    );

    expect(new Set(tables.map((table) => table.schema))).toEqual(new Set(['first']));
    expect(warnings).toEqual([{ rule: '900', text: expect.stringContaining('rule 800') }]);
  });

  it('remove, keep, rename and retype columns', () => {
    const columnsOf = (...rules: unknown[]) =>
      evaluate(select('explicit', 'registrar', 'student'), ...rules).tables[0]!.columns.map(
        (column) => `${column.source}>${column.name}:${column.travel.lake}`,
      );

    expect(columnsOf(transform('column', 'remove-column', ['%', '%', 'ss_']))).toEqual([
      'id>id:bigint',
      'name>name:varchar',
    ]);
    expect(columnsOf(transform('column', 'include-column', ['%', '%', 'id']))).toEqual(['id>id:bigint']);
    expect(columnsOf(transform('column', 'rename', ['%', '%', 'name'], { value: 'full_name' }))[1]).toBe(
      'name>full_name:varchar',
    );
    const retype = (to: object) =>
      columnsOf(transform('column', 'change-data-type', ['%', '%', 'id'], { 'data-type': to }))[0];
    expect(retype({ type: 'string', length: 20 })).toBe('id>id:varchar');
    expect(retype({ type: 'numeric', precision: 20, scale: 2 })).toBe('id>id:decimal(20,2)');
    expect(retype({ type: 'int4' })).toBe('id>id:integer');
  });

  it('never lead two sources into one target, nor a table to nothing', () => {
    expect(() => evaluate(all, transform('table', 'rename', ['%', '%'], { value: 'one' }))).toThrow(
      /registrar.student and registrar.student_term and .* have one target, registrar.one/,
    );
    expect(() =>
      evaluate(all, transform('column', 'rename', ['registrar', 'student', '%'], { value: 'same' })),
    ).toThrow(/two columns of registrar.student the name "same"/);
    expect(() => evaluate(all, transform('column', 'remove-column', ['registrar', 'student', '%']))).toThrow(
      /registrar.student without any column/,
    );
  });
});

describe('Two thousand five hundred tables', () => {
  it('are mapped by as many rules without trying every rule on every table', () => {
    const many = Array.from({ length: 2500 }, (_, i) => sisTable(`s${i % 20}.table_${i}(id,name,ssn)`));
    const rules = many.flatMap((table) => [
      select('explicit', table.schema, table.name),
      transform('column', 'remove-column', [table.schema, table.name.replaceAll('_', '[_]'), 'ssn']),
    ]);

    const { tables } = evaluateMappings(parseMappings({ rules }), many);

    expect(tables).toHaveLength(2500);
    expect(tables.every((table) => table.columns.map((c) => c.name).join() === 'id,name')).toBe(true);
  });
});
