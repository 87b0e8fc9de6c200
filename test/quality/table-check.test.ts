import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkChecks } from '../../src/campus/check-checks.ts';
import type { Check } from '../../src/campus/check-schema.ts';
import { parseModel } from '../../src/models/load-models.ts';
import { checksOfDataset } from '../../src/quality/table-check.ts';
import { datasetOf } from './datasets.ts';

const checks = (yaml: string) => parse(yaml) as Check[];

describe('The checks of a table', () => {
  it('keep each its own name and severity where two of one kind are on one column', () => {
    const dataset = datasetOf([{ name: 'score', type: 'double' }], {
      checks: checks(`
- { kind: range, column: score, min: 0, max: 100, severity: warn }
- { kind: range, column: score, min: -1000 }
- { kind: row_count, min: 5 }
- { kind: row_count, maxDropPercent: 10, severity: warn }
`),
    });

    expect(
      checksOfDataset(dataset).map(({ name, severity, isDefault }) => [name, severity, isDefault]),
    ).toEqual([
      ['range(score)', 'warn', false],
      ['range(score) #2', 'fail', false],
      ['row_count', 'fail', false],
      ['row_count #2', 'warn', false],
    ]);
  });

  it('are refused in the catalog where two say the same, at the second one', () => {
    const dataset = datasetOf([{ name: 'score', type: 'double' }], {
      checks: checks(`
- { kind: range, column: score, min: 0, max: 100 }
- { kind: not_null, columns: [score] }
- { max: 100, kind: range, column: score, min: 0, severity: warn }
`),
    });

    expect(checkChecks(dataset, ['datasets', 0], undefined, () => undefined)).toEqual([
      {
        path: ['datasets', 0, 'checks', 2],
        text: 'datasets[things].checks[2]: checks[0] says the same already; keep one',
      },
    ]);
  });

  it('are refused in a model where two say the same, with both lines', async () => {
    const text = `-- check: { kind: not_null, columns: [id] }
-- check: { kind: unique, columns: [id] }
-- check: { kind: not_null, columns: [id], severity: warn }
SELECT 1 AS id`;

    await expect(parseModel('models/m.sql', text)).rejects.toThrow(
      'models/m.sql:3:1: The check says the same as the one in line 1.',
    );
  });
});
