import { describe, expect, it } from 'vitest';
import { ANSWER_TYPE, type Answer } from '../../src/notebooks/answer.ts';
import { code, markdown } from '../../src/notebooks/cells.ts';
import type { CodeCell } from '../../src/notebooks/format.ts';
import { notebookHtml } from '../../src/notebooks/html.ts';
import { blankNotebook } from '../../src/notebooks/incident.ts';
import { markdownHtml } from '../../src/notebooks/markdown.ts';
import { shapeOf, withoutSmallCells } from '../../src/notebooks/small-cells.ts';

describe('Text of a notebook', () => {
  it('is shown as it was meant, and is never HTML', () => {
    expect(
      markdownHtml(
        '# A *b*\n\n- one `<i>`\n- two\n\n```\n<b>\n```\n\n| a | b |\n| --- | --- |\n| 1 \\| 2 | **3** |',
      ),
    ).toBe(
      [
        '<h1>A <em>b</em></h1>',
        '<ul><li>one <code>&lt;i&gt;</code></li><li>two</li></ul>',
        '<pre>&lt;b&gt;</pre>',
        '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><td>1 | 2</td><td><strong>3</strong></td></tr></tbody></table>',
      ].join('\n'),
    );
    expect(markdownHtml('canvas\\.a\\_b [x](https://a.edu/?q="1")')).toBe(
      '<p>canvas.a_b <a href="https://a.edu/?q=&quot;1&quot;">x</a></p>',
    );
  });

  it('cannot bring in script, in whatever way', () => {
    for (const bad of [
      '<script>alert(1)</script>',
      '[x](javascript:alert(1))',
      '[x](JaVaScRiPt:alert(1))',
      '[x](data:text/html,<script>)',
      '![x](https://a.example/pixel.png)',
      '<img src=x onerror=alert(1)>',
      '[a](https://a.edu/"onclick="x)',
      '`<b>` **<svg/onload=x>**',
    ])
      expect([
        bad,
        markdownHtml(bad).match(
          /<(?!\/?(p|a|code|strong|em)\b)[a-z]|javascript:.*"|"\s*on\w+=|<a (?!href="[^"]*">)/i,
        ),
      ]).toEqual([bad, null]);
  });
});

describe('A page', () => {
  it('takes no HTML, SVG or image of an output over, and draws charts anew with a table beside', () => {
    const answer = {
      columns: [
        { name: 'a', type: 'varchar' },
        { name: 'n', type: 'bigint' },
      ],
      rows: [['<x>', 1]],
      truncated: false,
    };
    const cell = (data: object): CodeCell => ({
      ...code('c', '# What\nshow(x)'),
      execution_count: 1,
      outputs: [{ output_type: 'display_data', data: data as never, metadata: {} }],
    });
    const page = (data: object) =>
      notebookHtml(
        { ...blankNotebook('t', 'p'), cells: [markdown('m', '# T'), cell(data)] },
        { title: '</title><script>', said: ['<b>'] },
        { code: true },
      );
    const evil = page({ 'text/html': '<script>1</script>', 'image/svg+xml': '<svg onload="1"/>' });
    expect(evil).not.toMatch(/<script|onload/);
    expect(evil).toContain('is left out');
    const drawn = page({ [ANSWER_TYPE]: { ...answer, chart: { kind: 'bar', x: 'a', y: 'n', title: 'T' } } });
    expect(drawn).toMatch(/<figure><svg [\s\S]*<\/svg><\/figure>\n<div class="scroll"[^>]*><table>/);
    expect(drawn).not.toContain('<x>');
  });
});

describe('Small groups', () => {
  const answer = (rows: Answer['rows']): Answer => ({
    columns: [
      { name: 'level', type: 'integer' },
      { name: 'n', type: 'bigint' },
      { name: 'best', type: 'varchar' },
      { name: 'mean', type: 'double' },
    ],
    rows,
    truncated: false,
  });
  const hide = async (sql: string, rows: Answer['rows']) =>
    withoutSmallCells(answer(rows), await shapeOf(sql), 10).rows;
  const GROUPED = 'SELECT level, count(*) AS n, max(name) AS best, avg(x) AS mean FROM a.b GROUP BY level';

  it('are hidden with all that is said of them, and with the next group where they would follow from a total', async () => {
    expect(
      await hide(GROUPED, [
        [1, 4, 'Zoë', 2.5],
        [2, 30, 'B', 3],
        [3, 12, 'C', 1],
        [4, 0, null, null],
      ]),
    ).toEqual([
      [1, '<10', 'hidden', 'hidden'],
      [2, 30, 'B', 3],
      [3, 'hidden', 'hidden', 'hidden'],
      [4, 0, null, null],
    ]);
  });

  it('stay where none is small; keys are no counts', async () => {
    const rows: Answer['rows'] = [[1, 10, 'a', 1]];
    expect(await hide(GROUPED, rows)).toEqual(rows);
  });

  it('are hidden where it cannot be told what is a count', async () => {
    const nested = `SELECT level, n, best, mean FROM (${GROUPED})`;
    expect(await hide(nested, [[1, 40, 'Z', 2]])).toEqual([['hidden', 'hidden', 'hidden', 'hidden']]);
    const { keys, counts, isGrouped } = await shapeOf(
      'SELECT term, avg(x) AS m FROM a.b WHERE term = :term GROUP BY term',
    );
    expect([isGrouped, [...keys]]).toEqual([true, [0]]);
    const alone = {
      columns: [
        { name: 'term', type: 'varchar' },
        { name: 'm', type: 'double' },
      ],
      rows: [['T', 2]],
      truncated: false,
    };
    expect(withoutSmallCells(alone, { keys, counts }, 10).rows).toEqual([['T', 'hidden']]);
    expect((await shapeOf('SELECT a, b FROM c.d WHERE e = 1')).isGrouped).toBe(false);
    expect(
      (
        await shapeOf(
          "SELECT 'count(x)' AS t, count(*) AS n FROM a.b UNION ALL SELECT 'u', count(*) FROM a.c",
        )
      ).keys,
    ).toEqual(new Set([0]));
  });

  it('are hidden where an integer is a summary, or what is counted is none of the group', async () => {
    expect(
      await hide('SELECT level, max(birth_year), max(name), avg(x) FROM a.b GROUP BY level', [
        [1, 1999, null, null],
      ]),
    ).toEqual([[1, 'hidden', null, null]]);
    expect(
      await hide('SELECT level, count_if(x > 9), max(name), avg(x) FROM a.b GROUP BY level', [
        [1, 0, 'Zoë', 2],
      ]),
    ).toEqual([[1, 'hidden', 'hidden', 'hidden']]);
  });
});
