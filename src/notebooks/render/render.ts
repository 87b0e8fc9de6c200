import { InputError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { ANSWER_TYPE, type Answer, type Chart } from '../answer.ts';
import type { Bundle } from '../format.ts';
import { pointsOf, svgChart, vegaLite } from './chart.ts';
import { htmlTable, textTable } from './table.ts';

/** The media type of Vega-Lite that JupyterLab renders. */
const VEGA_LITE_TYPE = 'application/vnd.vegalite.v5+json';

/**
 * An answer as an output of a notebook. A table is text, HTML and data; a chart is SVG, Vega-Lite, a table in text and
 * data, so that nbconvert, JupyterLab and a terminal each have a form to show.
 * @throws InputError for a chart of columns that the answer does not have
 */
export function render(answer: Answer, chart?: Chart): Bundle {
  const data = { [ANSWER_TYPE]: kept(answer, chart) };
  if (chart === undefined)
    return { 'text/plain': textTable(answer), 'text/html': htmlTable(answer), ...data };
  const points = pointsOf(answer, chart);
  if (points === undefined)
    throw new InputError(`The answer has no columns "${chart.x}" and "${chart.y}" to draw.`, {
      hint: `it has ${answer.columns.map(({ name }) => name).join(', ')}`,
    });
  return {
    'image/svg+xml': svgChart(points, chart),
    [VEGA_LITE_TYPE]: vegaLite(points, chart),
    'text/plain': `${chart.title}\n${textTable(answer)}`,
    ...data,
  };
}

function kept({ columns, rows, truncated, publication }: Answer, chart?: Chart): Json {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => [...row]),
    truncated,
    ...(publication === undefined ? {} : { publication }),
    ...(chart === undefined
      ? {}
      : { chart: { kind: chart.kind, x: chart.x, y: chart.y, title: chart.title } }),
  };
}
