import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { completed, runShell } from '../../bin/commands/query/shell.ts';
import { historyFile, keepHistory, readHistory } from '../../bin/commands/query/shell-home.ts';

/** Types lines into a shell. @returns the statements that it asked, what it showed, and its history */
async function typed(lines: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked: string[] = [];
  const shown: string[] = [];
  let kept: readonly string[] = [];
  output.on('data', (part) => shown.push(String(part)));
  const done = runShell({
    input,
    output,
    terminal: false,
    history: ['SELECT 0;'],
    names: [],
    ask: async (sql) => {
      asked.push(sql);
      return `answer ${asked.length}\n`;
    },
    show: (text) => shown.push(text),
    keep: (history) => {
      kept = [...history];
    },
    endNow: () => {},
  });
  input.end(`${lines.join('\n')}\n`);
  await done;
  return { asked, shown: shown.join(''), kept };
}

it('asks a statement when it ends with a semicolon, over several lines', async () => {
  const { asked, shown, kept } = await typed([
    'SELECT 1',
    "  AS x, ';",
    "' AS y",
    ';',
    'SELECT 2; -- end',
    'SELECT 3',
  ]);

  expect(asked).toEqual(["SELECT 1\n  AS x, ';\n' AS y\n;", 'SELECT 2; -- end']);
  expect(shown).toContain('answer 1\n');
  expect(kept[0]).toBe('SELECT 2; -- end');
  expect(kept.at(-1)).toBe('SELECT 0;');
});

it('knows its commands', async () => {
  const { asked, shown } = await typed([
    '\\d',
    '\\d campus.students',
    '\\dt stud*',
    "\\df o'x",
    '\\timing',
    '\\d',
    '\\x',
    '\\?',
    '\\q',
  ]);

  expect(asked).toEqual([
    'SHOW TABLES',
    'DESCRIBE campus.students',
    "SHOW TABLES LIKE 'stud*'",
    "SHOW FUNCTIONS LIKE 'o''x'",
    'SHOW TABLES',
  ]);
  expect(shown).toMatch(/Timing is on\.[\s\S]*\d+ ms\n/);
  expect(shown).toContain('There is no command \\x');
  expect(shown).toContain('\\timing       show how long');
});

it('completes the last word', () => {
  const names = ['campus.students', 'campus.terms', 'name'];

  expect(completed('SELECT na', names)).toEqual([['name'], 'na']);
  expect(completed('SELECT name FROM CAMPUS.', names)).toEqual([
    ['campus.students', 'campus.terms'],
    'CAMPUS.',
  ]);
  expect(completed('SELECT ', names)).toEqual([[], '']);
});

it('keeps its history for this user alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lake-history-'));
  const file = historyFile({ XDG_STATE_HOME: folder });
  expect(readHistory(file)).toEqual([]);

  keepHistory(file, ['SELECT 2;', 'SELECT 1;']);

  expect(readHistory(file)).toEqual(['SELECT 2;', 'SELECT 1;']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
