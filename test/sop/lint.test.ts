import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkDraft } from '../../src/app/sop/procedures.ts';
import { lakeTools } from '../../src/app/sop/tools/all.ts';
import { FUNCTIONS } from '../../src/sop/language/functions.ts';
import { lintProcedure } from '../../src/sop/language/lint.ts';
import { parseProcedure } from '../../src/sop/language/parse.ts';
import { pictureOf } from '../../src/sop/language/picture.ts';
import type { Problem } from '../../src/sop/language/problem.ts';
import { readLibrary } from '../../src/sop/library.ts';
import { wholeLakeOf } from './sop-lake.ts';

const TOOLS = lakeTools(wholeLakeOf({}));
const HEAD = `procedure one "One"
  for administrator
  needs table: text
steps
  note table
`;

/** The mistakes of these steps, each as `line:column code`. */
function mistakes(steps: string, header = HEAD): string[] {
  return problemsOf(header + steps).map(({ line, column, code }) => `${line}:${column} ${code}`);
}

function problemsOf(text: string): Problem[] {
  const { procedure, problems } = parseProcedure(text, 'one.sop');
  if (!procedure) return [...problems];
  const procedures = new Map([[procedure.name, procedure]]);
  const roles = new Set(['administrator', 'steward', 'adviser']);
  return [...problems, ...lintProcedure(procedure, { tools: TOOLS, procedures, roles })];
}

const ASK = `  ask steward for answer "Which?"
    'a'
    'b'
    'c'
`;

describe('The parser of procedures', () => {
  it('takes a byte order mark, and refuses what is nested too deeply', () => {
    expect(mistakes("  stop with 'x'", `\uFEFF${HEAD}`)).toEqual([]);
    const deep = Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i + 2)}if true`).join('\n');
    expect(mistakes(deep)).toContain('55:52 indentation');
    const wide = `  note ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n  stop with 'x'`;
    expect(mistakes(wide)).toEqual(['6:1007 syntax']);
    expect(mistakes(`  note ${'('.repeat(490)}1${')'.repeat(490)}\n  stop with 'x'`)).toEqual([]);
  });
});

describe('The linter of procedures', () => {
  it.each([
    ['a tool that there is not', '  x = @tabel-health(table)\n  stop with "x"', ['6:7 unknown-function']],
    ['a function that there is not', '  x = cuont([1])\n  stop with "x"', ['6:7 unknown-function']],
    ['a name that there is not', '  note tabel\n  stop with "x"', ['6:8 unknown-name']],
    [
      'a field that there is not',
      '  h = @table-health(table)\n  note h.statsu\n  stop with "x"',
      ['7:10 no-field'],
    ],
    ['an argument that is missing', '  h = @repair-plan(table)\n  stop with "x"', ['6:3 arguments']],
    ['an argument too many', '  h = @table-health(table, 1)\n  stop with "x"', ['6:28 arguments']],
    ['a value of another type', '  x = 1 + table\n  stop with "x"', ['6:11 type']],
    ['a criterion that is none', '  if table\n    note 1\n  stop with "x"', ['6:6 type']],
    ['steps after the end', '  stop with "x"\n  note 1', ['7:3 unreachable']],
    ['a criterion that always holds', '  if true\n    note 1\n  stop with "x"', ['6:6 unreachable']],
    [
      'a status that never is',
      "  h = @table-health(table)\n  if h.status = 'helthy'\n    note 1\n  stop with 'x'",
      ['7:15 never'],
    ],
    [
      'a branch twice',
      `${ASK}  if answer = 'a'\n    note 1\n  else if answer = 'a'\n    note 2\n  otherwise\n    note 3\n  stop with 'x'`,
      ['12:3 unreachable', '12:18 unreachable'],
    ],
    [
      'an otherwise for nothing',
      `${ASK}  if answer in ['a', 'b']\n    note 1\n  else if answer = 'c'\n    note 2\n  otherwise\n    note 3\n  stop with 'x'`,
      ['14:3 unreachable'],
    ],
    [
      'a choice that is left open',
      `${ASK}  if answer = 'a'\n    note 1\n  else if answer = 'b'\n    note 2\n  stop with 'x'`,
      ['10:3 not-exhaustive'],
    ],
    [
      'cases that are left open',
      "  if table = 'a'\n    note 1\n  else if table = 'b'\n    note 2\n  stop with 'x'",
      ['6:3 not-exhaustive'],
    ],
    [
      'rules that leave a case to nobody',
      "  judge v 'Is it?'\n    'yes' when table = 'a'\n    'no' when table = 'b'\n  stop with 'x'",
      ['6:3 not-exhaustive'],
    ],
    [
      'a loop without an end',
      '  n = 0\n  repeat until n > 3\n    n = n + 1\n  stop with "x"',
      ['7:3 unbounded'],
    ],
    ['a procedure that sees itself', "  x = see one(table)\n  stop with 'x'", ['6:3 unbounded']],
    [
      'a value in a statement',
      '  x = @query("SELECT 1 WHERE a = \'{table}\'")\n  stop with "x"',
      ['6:14 written'],
    ],
    ['something that acts, unasked', "  @reload(table)\n  stop with 'x'", ['6:3 approval']],
    [
      'an approval that was never asked for',
      "  @reload(table) approved by go\n  stop with 'x'",
      ['6:3 approval'],
    ],
    [
      'an approval that is none',
      `${ASK}  @reload(table) approved by answer\n  stop with 'x'`,
      ['10:3 approval'],
    ],
    ['no decision at the end', '  note 1', ['6:3 no-end']],
    ['a role that there is not', '  ask stewart for x: text "What?"\n  stop with "x"', ['6:3 unknown-role']],
    [
      'a name that only one branch gives',
      "  if table = 'a'\n    y = 1\n  note y\n  stop with 'x'",
      ['8:8 unknown-name'],
    ],
  ])('finds %s', (_what, steps, expected) => {
    expect(mistakes(steps)).toEqual(expected);
  });

  it('finds a tool that the role may not call', () => {
    const header = HEAD.replace('for administrator', 'for adviser, administrator');
    expect(mistakes("  p = @repair-plan(table, 'x')\n  stop with 'x'", header)).toEqual(['6:7 not-allowed']);
  });

  it.each([
    ['a text without its end', "  note 'x", '6:8'],
    ['two comparisons', '  x = 1 < 2 < 3\n  stop with "x"', '6:13'],
    ['a hyphen in a name', '  my-x = 1\n  stop with "x"', '6:3'],
    ['a tab', '\tnote 1\n  stop with "x"', '6:1'],
    ['lines that are not beside each other', '    note 1\n  stop with "x"', '6:5'],
    ['an otherwise of nothing', '  otherwise\n    note 1\n  stop with "x"', '6:3'],
    ['a brace that stays open', '  note "{table"\n  stop with "x"', '6:9'],
    ['a word that is no step', '  stpo with "x"', '6:3'],
  ])('says where the grammar is not kept: %s', (_what, steps, expected) => {
    expect(problemsOf(HEAD + steps).map(({ line, column }) => `${line}:${column}`)).toContain(expected);
  });

  it('knows what a branch means for the choice', () => {
    const steps = `${ASK}  if answer = 'a'\n    stop with 'a'\n  if answer = 'b'\n    note 1\n  else if answer = 'c'\n    note 2\n  otherwise\n    note 3\n  stop with 'x'`;
    // The first `if` alone does not narrow what comes after it.
    expect(mistakes(steps)).toEqual([]);
  });

  it('has an answer for any text', () => {
    for (const text of [
      '',
      '\n',
      'steps',
      'procedure',
      'procedure x',
      'procedure x "X"',
      'procedure x "X"\nsteps',
      '\u0000',
      'процедура',
    ])
      expect(problemsOf(text).length, JSON.stringify(text)).toBeGreaterThan(0);
  });
});

describe('A draft', () => {
  it('is checked as it is typed, and drawn as soon as it can be read', async () => {
    const lake = wholeLakeOf({ campus: { root: '/nowhere' }, catalog: { datasets: [] } });
    expect((await checkDraft(lake, 'procedure')).shown).toBeUndefined();
    const { shown, problems } = await checkDraft(lake, `${HEAD}  stpo`);
    expect(problems.map(({ code }) => code)).toEqual(['syntax', 'no-end']);
    expect(shown?.picture).toContain('flowchart TD');
  });
});

describe('The page on procedures', () => {
  const page = readFileSync(new URL('../../docs/procedures.md', import.meta.url), 'utf8');
  const blocks = (kind: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);

  it('shows procedures without mistakes', () => {
    expect(blocks('sop').length).toBeGreaterThan(1);
    for (const text of blocks('sop')) expect(problemsOf(text), text).toEqual([]);
  });

  it('shows the mistakes that are found', () => {
    const [text, ...rest] = blocks('sop-mistakes');
    const found = problemsOf(text!).map(
      ({ line, column, severity, code, message }) => `${line}:${column} ${severity} ${code}: ${message}`,
    );
    expect(rest).toEqual([]);
    expect(blocks('mistakes')).toEqual([`${found.join('\n')}\n`]);
  });

  it('lists every function of expressions', () => {
    const listed = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name);
    expect(listed).toEqual(Object.keys(FUNCTIONS));
  });
});

describe('The procedures that come with the program', () => {
  it('have no mistakes', async () => {
    const { procedures, problems } = await readLibrary('/nowhere');
    const known = {
      tools: TOOLS,
      procedures,
      roles: new Set(['administrator', 'registrar', 'steward', 'adviser']),
    };
    expect(problems).toEqual([]);
    expect([...procedures.keys()]).toEqual([
      'access-review',
      'account-misuse',
      'at-risk-outreach',
      'erasure-request',
      'failed-check',
      'inspect-record',
      'late-feed',
    ]);
    expect([...procedures.values()].flatMap((procedure) => lintProcedure(procedure, known))).toEqual([]);
  });

  it('have pictures in which every step is a node once', async () => {
    const { procedures } = await readLibrary('/nowhere');
    for (const procedure of procedures.values()) {
      const picture = pictureOf(procedure);
      const nodes = [...picture.matchAll(/^ {2}(s[\d_]+)[[({]/gm)].map(([, id]) => id);
      expect(new Set(nodes).size).toBe(nodes.length);
      const named = [...picture.matchAll(/-->(?:\|"[^"]*"\|)? (s[\d_]+)$/gm)].map(([, id]) => id);
      expect(new Set(named)).toEqual(new Set(nodes));
    }
  });
});
