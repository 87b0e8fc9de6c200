import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/json.ts';
import { MappingError } from '../../../src/sis/errors.ts';
import { evaluateMappings } from '../../../src/sis/mapping/evaluate.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { splitMappings } from '../../../src/sis/mapping/split.ts';
import { targetNames } from '../../../src/sis/mapping/target-name.ts';
import { propertyRuns } from '../../property-runs.ts';
import { select, sisTable, transform } from './sis-table.ts';

const NAMES = ['a', 'b', 'c', 'a_b', 'aXb', 'd', 'e', 'f'];
const TABLES = ['s', 't'].flatMap((schema) =>
  NAMES.map((name) => sisTable(`${schema}.${name}(id:bigint,note)`)),
);
const bytesOf = (mappings: Json) => Buffer.byteLength(JSON.stringify(mappings));

/** What mappings make of the tables: target, columns and filter, by source table. */
function meaning(mappings: Json): Record<string, unknown> {
  const { tables } = evaluateMappings(parseMappings(mappings), TABLES);
  return Object.fromEntries(
    tables.map(({ source, schema, name, columns, filter, loadOrder }) => [
      `${source.schema}.${source.name}`,
      {
        target: `${schema}.${name}`,
        columns: columns.map((c) => [c.source, c.name, c.type]),
        filter,
        loadOrder,
      },
    ]),
  );
}

const schemaName = fc.constantFrom('s', 't');
const tableName = fc.constantFrom(...NAMES);
const pattern = fc.constantFrom('%', 'a%', 'a[_]b', 'b', 'd');

/** Rules that name their tables one by one, among others that speak of many. */
const rules = fc
  .record({
    selected: fc.uniqueArray(fc.tuple(schemaName, tableName), {
      minLength: 1,
      maxLength: 16,
      selector: (pair) => pair.join('.'),
    }),
    excluded: fc.array(fc.tuple(schemaName, pattern), { maxLength: 2 }),
    removed: fc.array(fc.tuple(schemaName, pattern), { maxLength: 4 }),
    renamed: fc.array(fc.tuple(schemaName, pattern, fc.constantFrom('x_', 'y_')), { maxLength: 3 }),
  })
  .map(({ selected, excluded, removed, renamed }) =>
    [
      ...selected.map(([schema, table]) => select('explicit', schema, table)),
      ...excluded.map(([schema, table]) => select('exclude', schema, table)),
      ...removed.map(([schema, table]) => transform('column', 'remove-column', [schema, table, 'note'])),
      ...renamed.map(([schema, table, value]) =>
        transform('table', 'add-prefix', [schema, table], { value }),
      ),
    ].map((rule, i) => ({ ...rule, 'rule-id': String(i + 1), 'rule-name': `rule-${i + 1}` })),
  );

describe('Mappings split into tasks', () => {
  it('mean together what they meant whole, each table in one task, within the limits', () => {
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 3_000 }),
        (list, tables, spare) => {
          const mappings = { rules: list } as Json;
          // No smaller than the longest part that cannot be divided.
          const least = Math.max(...splitMappings(mappings, { tables: 1 }).map(bytesOf));
          const bytes = least + spare;

          const parts = splitMappings(mappings, { tables, bytes });

          const meanings = parts.map(meaning);
          expect(Object.assign({}, ...meanings)).toEqual(meaning(mappings));
          expect(meanings.flatMap(Object.keys)).toHaveLength(Object.keys(meaning(mappings)).length);
          for (const part of parts) {
            const selections = (part as { rules: Record<string, string>[] }).rules.filter(
              (rule) => rule['rule-action'] === 'explicit',
            );
            expect(selections.length).toBeLessThanOrEqual(tables);
            expect(bytesOf(part)).toBeLessThanOrEqual(bytes);
          }
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });

  it('take 2,500 tables in tasks of one size', () => {
    const list = Array.from({ length: 2_501 }, (_, i) => ({
      ...select('explicit', 'registrar', `table_${i}`),
      'rule-id': String(i + 1),
      'rule-name': `load-${i + 1}`,
    }));

    const parts = splitMappings({ rules: list } as Json, { tables: 500 }) as { rules: unknown[] }[];

    expect(parts.map((part) => part.rules.length)).toEqual([417, 417, 417, 417, 417, 416]);
  });

  it('stay whole where only the source knows which tables they mean', () => {
    const list = [select('include', 's', '%'), select('explicit', 't', 'a')].map((rule, i) => ({
      ...rule,
      'rule-id': String(i + 1),
      'rule-name': `r${i}`,
    }));

    expect(splitMappings({ rules: list } as Json, { tables: 1 })).toEqual([{ rules: list }]);
  });

  it('say which rule does not fit any task', () => {
    const list = [{ ...select('explicit', 's', 'a'), 'rule-id': '7', 'rule-name': 'r' }];

    const attempt = () => splitMappings({ rules: list } as Json, { tables: 5, bytes: 60 });

    expect(attempt).toThrow(MappingError);
    expect(attempt).toThrow(/rule 7: .* and DMS takes 60/);
  });
});

describe('The target of a table', () => {
  it('is where the mappings put it', () => {
    fc.assert(
      fc.property(rules, (list) => {
        const parsed = parseMappings({ rules: list });
        const names = targetNames(parsed);
        for (const { source, schema, name } of evaluateMappings(parsed, TABLES).tables) {
          expect(names(source.schema, source.name)).toEqual({ schema, name });
        }
      }),
      { numRuns: propertyRuns(100) },
    );
  });
});
