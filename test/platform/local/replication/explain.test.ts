import fc from 'fast-check';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { explainCopyError } from '../../../../src/platform/local/replication/explain.ts';
import type { MappedTable } from '../../../../src/sis/mapping/evaluate.ts';

const table = {
  source: { schema: 'reg', name: 'student' },
  columns: [{ source: 'born', type: 'date', travel: { lake: 'date' } }],
} as unknown as MappedTable;
const part = { table, index: 0 };

/** Whatever a row can hold that a message could quote; long enough not to be found by chance. */
const value = fc
  .string({
    unit: fc.constantFrom('"', "'", '\n', '\t', '\\', ',', '(', 'é', '李', '🎓', 'z', 'Q', '7', ' '),
    minLength: 6,
    maxLength: 20,
  })
  .filter((text) => text.trim().length >= 6);

function fromServer(code: string, message: string): DatabaseError {
  const error = new DatabaseError(message, message.length, 'error');
  return Object.assign(error, { code, detail: message, where: message });
}

describe('The explanation of a failed copy', () => {
  it('holds nothing of what a driver quotes, whoever it was', () => {
    const failing = fc.oneof(
      value.map((v) => [v, new Error(`Conversion Error: Could not convert string "${v}" to INT32`)] as const),
      value.map(
        (v) =>
          [
            v,
            new Error(
              `Invalid Input Error: CSV Error on Line: 1\n${v}\nError when converting column "c0". Could not convert`,
            ),
          ] as const,
      ),
      value.map((v) => [v, new Error(`Invalid Input Error: ${v}`)] as const),
      value.map((v) => [v, new Error(v)] as const),
      fc
        .tuple(
          value,
          fc.constantFrom(
            '22P02',
            '22003',
            '23505',
            '42501',
            'P0001',
            '55P03',
            '57P01',
            '25P04',
            'XX000',
            '22021',
          ),
        )
        .map(([v, code]) => [v, fromServer(code, `invalid input: "${v}" ${v}`)] as const),
    );
    fc.assert(
      fc.property(failing, ([v, raw]) => {
        const error = explainCopyError(part, raw);
        expect(`${error.message}\n${error.hint ?? ''}`).not.toContain(v);
        expect(error.cause).toBeUndefined();
      }),
    );
  });

  it('says what to do about the failures that have a way out', () => {
    const hint = (code: string) => explainCopyError(part, fromServer(code, 'x')).hint;
    expect(hint('25P04')).toMatch(/transaction_timeout = 0/);
    expect(hint('22021')).toMatch(/encoding:/);
    expect(hint('42501')).toMatch(/GRANT SELECT ON reg\.student/);
    expect(explainCopyError(part, fromServer('25P04', 'x')).reach).toBe('source');
  });
});
