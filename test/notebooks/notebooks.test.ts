import { describe, expect, it } from 'vitest';
import { ANSWER_TYPE, type Answer } from '../../src/notebooks/answer.ts';
import { code, query } from '../../src/notebooks/cells.ts';
import { CLIENT } from '../../src/notebooks/client.ts';
import { compareRuns } from '../../src/notebooks/compare.ts';
import { type Notebook, notebookText, readNotebook, wholeText } from '../../src/notebooks/format.ts';
import { blankNotebook } from '../../src/notebooks/incident.ts';
import { readPython } from '../../src/notebooks/python.ts';
import { render } from '../../src/notebooks/render/render.ts';
import { type Asked, runNotebook } from '../../src/notebooks/run.ts';

const ANSWER: Answer = {
  columns: [
    { name: 'name', type: 'varchar' },
    { name: 'n', type: 'bigint' },
  ],
  rows: [
    ['Zoë <b>', 3],
    ['"; DROP', null],
    ['c', 12],
  ],
  truncated: false,
};

const of = (...sources: string[]): Notebook => ({
  ...blankNotebook('A question', 'p1'),
  cells: sources.map((source, i) => code(`cell-${i}`, source, i === 0 ? ['parameters'] : [])),
});

describe('The Python that the lake runs', () => {
  it('reads back every statement that it writes', () => {
    for (const sql of [
      `SELECT 'O''Brien' AS "a ""b"" c"`,
      'SELECT "x" FROM "y"',
      "SELECT regexp_like(a, '\\d+\\\\') AS ü",
      'SELECT """ AS x',
    ]) {
      const cell = query({ id: 'q', about: 'x', name: 'rows', sql, values: ['run'] });
      const [ask] = readPython(wholeText(cell.source)) ?? [];
      expect(ask).toMatchObject({ to: 'rows', does: { call: 'ask', positional: [{ value: `\n${sql}\n` }] } });
    }
  });

  it('knows plain values and calls, and nothing else', () => {
    expect(readPython('a = -1.5e3 # x\nb = True\nc = None\nd = r"\\d"')).toMatchObject([
      { to: 'a', does: { value: -1500 } },
      { to: 'b', does: { value: true } },
      { to: 'c', does: { value: null } },
      { to: 'd', does: { value: '\\d' } },
    ]);
    for (const more of [
      'import os',
      'a = 1 + 1',
      'for i in x:\n    show(i)',
      'show(x).y',
      'a == 1',
      'f"x"',
      'ask("SELECT 1")',
      'x',
      'a = open("x")',
      'a = 12345678901234567890',
      'show(x',
      'a = "x',
      'chart(x=1, x=2)',
      'a = [1]',
    ])
      expect([more, readPython(more)]).toEqual([more, undefined]);
  });
});

describe('A run', () => {
  const asked: Asked[] = [];
  const ask = async (question: Asked): Promise<Answer> => {
    asked.push(question);
    return ANSWER;
  };

  it('fills outputs as Jupyter does, with the values that are given, and leaves the original', async () => {
    const notebook = of(
      'publication = "p1"',
      CLIENT,
      'a = ask("SELECT :n", as_of=publication, n=5)\nshow(a)',
      '',
    );
    const before = structuredClone(notebook);
    asked.length = 0;
    const { notebook: done, cells } = await runNotebook(notebook, { ask, values: { publication: 'p0' } });
    expect(notebook).toEqual(before);
    expect(asked).toEqual([{ sql: 'SELECT :n', asOf: 'p0', parameters: { n: 5 } }]);
    expect(cells.every(({ status }) => status === 'done')).toBe(true);
    expect(done.cells.map((cell) => cell.cell_type === 'code' && cell.execution_count)).toEqual([
      1,
      2,
      3,
      4,
      null,
    ]);
    expect(readNotebook(notebookText(done), 'x')).toEqual(done);
  });

  it('names what needs Python and what needs that, and stops where a cell fails', async () => {
    const { cells } = await runNotebook(
      of('x = 1', 'y = [1]', 'z = ask("SELECT :y", y=y)', 'show(nothing)', 'x = 2'),
      {
        ask,
      },
    );
    expect(cells.map(({ status }) => status)).toEqual(['done', 'python', 'needs', 'needs', 'done']);
    const failing = await runNotebook(of('show(nothing)', 'x = 2'), { ask });
    expect(failing.cells.map(({ status }) => status)).toEqual(['failed', 'not-reached']);
  });
});

describe('What is shown', () => {
  it('is escaped in every form, and has a table and a sentence beside each chart', () => {
    const chart = { kind: 'bar', x: 'name', y: 'n', title: 'A & "b"' } as const;
    const bundle = render(ANSWER, chart) as Record<string, string>;
    expect(Object.keys(bundle)).toEqual([
      'image/svg+xml',
      'application/vnd.vegalite.v5+json',
      'text/plain',
      ANSWER_TYPE,
    ]);
    expect(bundle['image/svg+xml']).toContain('Zoë &lt;b&gt;');
    expect(bundle['image/svg+xml']).toContain('no value');
    expect(bundle['image/svg+xml']).not.toMatch(/<b>|<script|style=/);
    expect((render(ANSWER) as Record<string, string>)['text/html']).toContain('<td>Zoë &lt;b&gt;</td>');
    expect(() => render(ANSWER, { ...chart, y: 'm' })).toThrow('no columns "name" and "m"');
    expect(render({ ...ANSWER, rows: [] }, { ...chart, kind: 'line' })).toBeDefined();
  });
});

describe('Two runs', () => {
  const ran = async (source: string, rows: Answer['rows']) =>
    (await runNotebook(of('p = 1', source), { ask: async () => ({ ...ANSWER, rows }) })).notebook;
  const rows: Answer['rows'] = [
    ['a', 0.1 + 0.2],
    ['b', 2],
  ];
  const other: Answer['rows'] = [
    ['b', 2],
    ['a', 0.3],
  ];

  it('are one where they mean the same: order that nobody asked for, and the last digits', async () => {
    const any = 'show(ask("SELECT 1"))';
    expect(compareRuns(await ran(any, rows), await ran(any, other))).toEqual([]);
    const ordered = 'show(ask("SELECT 1 ORDER BY 1"))';
    expect(compareRuns(await ran(ordered, rows), await ran(ordered, other))).toHaveLength(1);
    expect(compareRuns(await ran(any, rows), await ran(any, other), { tolerance: 0 })).toHaveLength(1);
  });

  it('differ in words without values', async () => {
    const any = 'show(ask("SELECT 1"))';
    const [found] = compareRuns(
      await ran(any, rows),
      await ran(any, [
        ['secret', 9],
        ['b', 2],
      ]),
    );
    expect(found).toEqual({ id: 'cell-1', change: 'result', text: '1 of 2 rows differ, in name, n' });
    expect(compareRuns(await ran(any, rows), await ran(any, []))[0]?.text).toBe('0 rows in place of 2');
    expect(compareRuns(await ran(any, rows), await ran('show(ask("SELECT 2"))', rows))[0]?.change).toBe(
      'source',
    );
  });
});

it('What is no notebook is refused with the reason', () => {
  const good = JSON.parse(notebookText(of('a = 1', 'b = 2')));
  for (const [bad, why] of [
    ['{', 'not JSON'],
    [JSON.stringify({ ...good, nbformat_minor: 4 }), 'nbformat_minor'],
    [JSON.stringify({ ...good, cells: [good.cells[0], good.cells[0]] }), 'two cells have the id'],
    [JSON.stringify({ ...good, cells: [{ ...good.cells[0], id: 'a b' }] }), 'cells.0.id'],
  ] as const)
    expect(() => readNotebook(bad, 'x.ipynb')).toThrow(why);
});
