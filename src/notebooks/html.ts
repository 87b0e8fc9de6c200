import { escaped } from '../escaped.ts';
import { ANSWER_TYPE, type Answer, answerSchema, type Chart, chartSchema } from './answer.ts';
import { type CodeCell, type Notebook, type Output, wholeText } from './format.ts';
import { markdownHtml } from './markdown.ts';
import { pointsOf, svgChart } from './render/chart.ts';
import { htmlTable } from './render/table.ts';

/** What is said of an export in its first lines. */
export interface ExportWords {
  readonly title: string;
  /** For whom, of what and how: `as the role analyst sees it`. */
  readonly said: readonly string[];
}

export interface HtmlOptions {
  /** Whether the code of cells is shown. */
  readonly code: boolean;
}

/** The style of a page, which a server may have to name in its policy. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #555); --quiet: light-dark(#595959, #b0b0b0); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: light-dark(#1a1a1a, #eee); background: light-dark(#fff, #1a1a1a); overflow-wrap: break-word; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; }
caption { text-align: left; color: var(--quiet); padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { border: 1px solid var(--line); padding: .5rem; overflow-x: auto; font-size: .875rem; }
figure { margin: 0 0 1rem; } svg { max-width: 100%; height: auto; }
.said { color: var(--quiet); } .failed { border-left: .25rem solid #b3261e; padding-left: .5rem; }
a { color: light-dark(#0b57a4, #8ab8f0); }
@media print { .scroll, pre { overflow: visible; white-space: pre-wrap; } }
`;

/**
 * A notebook as one file of HTML without script. Only text, tables and charts that are made of the answers in it get into
 * the page: no HTML, SVG or image of an output is taken over.
 */
export function notebookHtml(
  { cells }: Notebook,
  { title, said }: ExportWords,
  options: HtmlOptions,
): string {
  const parts = cells.flatMap((cell) => {
    const source = wholeText(cell.source);
    if (cell.cell_type === 'markdown') return source.trim() === '' ? [] : [wrapped(markdownHtml(source))];
    if (cell.cell_type === 'code' && source.trim() !== '') return [codeHtml(cell, source, options)];
    return [];
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="said">${said.map(escaped).join('<br>')}</p>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

/** Tables scroll by themselves where the page is narrow. */
const wrapped = (html: string): string =>
  html.replaceAll(/<table>[\s\S]*?<\/table>/g, (table) => scroll('Table', table));

const scroll = (label: string, html: string): string =>
  `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(label)}">${html}</div>`;

function codeHtml(cell: CodeCell, source: string, { code }: HtmlOptions): string {
  const { tags } = cell.metadata;
  // How it asks is of no use to who reads.
  if (cell.id === 'lake') return '';
  const isParameters = Array.isArray(tags) && tags.some((tag) => String(tag).endsWith('parameters'));
  const about = /^# (.*)$/m.exec(source)?.[1];
  const label = about ?? `Result of ${cell.id}`;
  const shown = cell.outputs.map((output) => outputHtml(output, label));
  if (cell.execution_count === null && !isParameters)
    shown.push('<p class="said">This cell was not run.</p>');
  const written = code
    ? `<pre tabindex="0" aria-label="${escaped(`Code: ${label}`)}">${escaped(source)}</pre>`
    : about === undefined || isParameters
      ? ''
      : `<p>${escaped(about)}</p>`;
  return `${written}\n${shown.join('\n')}`.trim();
}

function outputHtml(output: Output, label: string): string {
  if (output.output_type === 'error') return `<p class="failed">${escaped(output.evalue)}</p>`;
  if (output.output_type === 'stream') return `<pre tabindex="0">${escaped(wholeText(output.text))}</pre>`;
  const data = output.data[ANSWER_TYPE];
  const answer = answerSchema.safeParse(data);
  if (!answer.success)
    return '<p class="said">What this cell shows is left out: it is no answer of the lake.</p>';
  const given = typeof data === 'object' && data !== null && !Array.isArray(data) ? data.chart : undefined;
  const chart = chartSchema.safeParse(given);
  return answerHtml(answer.data, label, chart.success ? chart.data : undefined);
}

/** A chart has its table beside it. */
function answerHtml(answer: Answer, label: string, chart: Chart | undefined): string {
  const points = chart && pointsOf(answer, chart);
  const table = scroll(label, htmlTable(answer, chart?.title ?? label));
  return chart && points ? `<figure>${svgChart(points, chart)}</figure>\n${table}` : table;
}
