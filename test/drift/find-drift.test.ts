import { describe, expect, it } from 'vitest';
import { findDrift, lookOf } from '../../src/drift/find-drift.ts';
import { unreported } from '../../src/drift/steps.ts';
import type { FoundTable } from '../../src/ports/drift.ts';
import { changeRow, describeChange } from '../../src/staging/schema-changes.ts';
import { student } from './student.ts';

const found = (columns: Record<string, string>, table = 'STUDENT'): FoundTable => ({
  schema: 'REG',
  table,
  columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
});
const before = lookOf([found({ ID: 'bigint', NAME: 'string', SSN: 'string' })]);
const drift = (...tables: FoundTable[]) => findDrift('sis', tables, [student], before);

describe('What the raw files show', () => {
  it('is no drift where it is what the catalog lists and what was seen before', () => {
    expect(drift(found({ ID: 'bigint', NAME: 'string', SSN: 'string' }))).toEqual([]);
  });

  it('is a table that the catalog does not list, whatever is in it', () => {
    const [change, ...others] = drift(found({ id: 'bigint', salary: 'double' }, 'PAYROLL'));
    expect(change).toEqual({
      dataset: 'sis.REG.PAYROLL',
      column: '',
      change: 'unlisted',
      from: null,
      to: null,
    });
    expect(others).toEqual([]);
    expect(describeChange(change!)).toContain('the catalog does not list it');
  });

  it('is a column that came, one that went, one of another type, by the names of the catalog', () => {
    const now = found({ id: 'bigint', ssn: 'int', advisor: 'string' });
    expect(drift(now)).toEqual([
      { dataset: 'sis.student', column: 'ssn', change: 'retyped', from: 'string', to: 'int' },
      { dataset: 'sis.student', column: 'advisor', change: 'undecided', from: null, to: 'string' },
      { dataset: 'sis.student', column: 'full_name', change: 'vanished', from: 'string', to: null },
    ]);
  });

  it('is not what DMS adds to the columns of the source', () => {
    const added = { Op: 'string', dms_commit_time: 'string', dms_change_seq: 'string' };
    expect(drift(found({ ID: 'bigint', NAME: 'string', SSN: 'string', ...added }))).toEqual([]);
  });

  it('is of no type at the first survey: words of files are compared with words of files', () => {
    const first = findDrift('sis', [found({ ID: 'string', NAME: 'bigint', NEW: 'date' })], [student], {});
    expect(first.map(({ column, change }) => [column, change])).toEqual([['new', 'undecided']]);
  });
});

describe('Of drift is told', () => {
  const retyped = { dataset: 'sis.student', column: 'ssn', change: 'retyped', from: 'a', to: 'b' } as const;
  const undecided = {
    dataset: 'sis.student',
    column: 'x',
    change: 'undecided',
    from: null,
    to: 'b',
  } as const;
  const row = (run: string, { dataset, ...change }: typeof retyped | typeof undecided) =>
    changeRow(run, dataset, change, '2026-11-01T00:00:00.000Z');

  it('what nobody has told', () => {
    expect(unreported('r2', [retyped, undecided], [])).toEqual([retyped, undecided]);
  });

  it('nothing that staging has told in the same run, in its own words', () => {
    expect(
      unreported('r2', [retyped], [{ ...row('r2', retyped), change: 'widened', new_type: 'varchar' }]),
    ).toEqual([]);
  });

  it('once what stays as it is, and again what changes again', () => {
    expect(unreported('r2', [undecided], [row('r1', { ...undecided, to: 'c' as 'b' })])).toEqual([]);
    expect(
      unreported(
        'r3',
        [{ ...retyped, to: 'b' }],
        [row('r1', retyped), { ...row('r2', retyped), new_type: 'a' }],
      ),
    ).toEqual([retyped]);
  });
});
