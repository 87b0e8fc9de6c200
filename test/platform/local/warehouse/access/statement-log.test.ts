import { expect, it } from 'vitest';
import { statementsIn } from '../../../../../src/platform/local/warehouse/access/statement-log.ts';

const LOG = `2026-11-30 19:00:00.123 UTC|zoe|65.1|1|00000| LOG:  statement: SELECT 1,
\t2 FROM students
2026-11-30 19:00:00.124 UTC|ann|65.2|1|00000| LOG:  execute <unnamed>: SELECT $1
2026-11-30 19:00:00.124 UTC|ann|65.2|2|00000| DETAIL:  Parameters: $1 = 'S1'
2026-11-30 19:00:00.125 UTC|zoe|65.1|2|42501| ERROR:  permission denied for table students
2026-11-30 19:00:00.125 UTC|zoe|65.1|3|42501| STATEMENT:  SELECT 1,
\t2 FROM students
2026-11-30 19:00:01.000 UTC|ann|65.2|3|42601| ERROR:  syntax error at or near "SELEC"
2026-11-30 19:00:01.000 UTC|ann|65.2|4|42601| STATEMENT:  SELEC 1
2026-11-30 19:00:02.000 UTC|ann|65.2|5|00000| LOG:  duration: 3 ms
`;

it('reads statements of several sessions, each with its parameters and how it ended', () => {
  expect(statementsIn(LOG)).toEqual([
    {
      id: '65.1/1',
      at: Date.parse('2026-11-30T19:00:00.123Z'),
      login: 'zoe',
      sql: 'SELECT 1,\n2 FROM students',
      outcome: 'refused',
      state: '42501',
    },
    {
      id: '65.2/1',
      at: Date.parse('2026-11-30T19:00:00.124Z'),
      login: 'ann',
      sql: 'SELECT $1',
      detail: "Parameters: $1 = 'S1'",
      outcome: 'answered',
    },
    {
      id: '65.2/4',
      at: Date.parse('2026-11-30T19:00:01.000Z'),
      login: 'ann',
      sql: 'SELEC 1',
      outcome: 'failed',
      state: '42601',
    },
  ]);
});

it('makes nothing of a log that begins in the middle of a statement, or holds something else', () => {
  expect(statementsIn('\tFROM students\nFATAL: what is this\n')).toEqual([]);
});
