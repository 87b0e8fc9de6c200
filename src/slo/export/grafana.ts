import type { Json } from '../../json.ts';
import { PREFIX } from './exposition.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the dashboard
const SOURCE = { type: 'prometheus', uid: '${source}' };
const OBJECTIVE = 'objective=~"$objective"';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * A dashboard of Grafana on the metrics of `lake slo metrics`: what is left of each budget, how fast it burns, what
 * fires. The data source and the objectives are chosen in it, so one file serves every lake.
 */
export function grafanaDashboard(title: string) {
  return {
    uid: 'campus-lake-slo',
    title,
    description: 'Error budgets of the data lake, how fast they burn, and which alerts fire',
    tags: ['campus-lake', 'slo'],
    timezone: 'browser',
    editable: true,
    graphTooltip: 1,
    schemaVersion: 39,
    refresh: '1m',
    time: { from: 'now-28d', to: 'now' },
    templating: {
      list: [
        { name: 'source', label: 'Data source', type: 'datasource' as const, query: 'prometheus' },
        {
          name: 'objective',
          label: 'Objective',
          type: 'query' as const,
          datasource: SOURCE,
          query: `label_values(${PREFIX}slo_target, objective)`,
          includeAll: true,
          multi: true,
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    annotations: { list: [] },
    panels: [
      panel(1, 'stat', 'Error budget left', `${PREFIX}slo_error_budget_left{${OBJECTIVE}}`, {
        place: { x: 0, y: 0, w: 24, h: 6 },
        legend: '{{objective}}',
        unit: 'percentunit',
        steps: [
          { value: null, color: 'red' },
          { value: 0, color: 'orange' },
          { value: 0.25, color: 'green' },
        ],
      }),
      panel(2, 'timeseries', 'Error budget over time', `${PREFIX}slo_error_budget_left{${OBJECTIVE}}`, {
        place: { x: 0, y: 6, w: 12, h: 9 },
        legend: '{{objective}}',
        unit: 'percentunit',
      }),
      panel(3, 'timeseries', 'Burn rate', `${PREFIX}slo_burn_rate{${OBJECTIVE}}`, {
        place: { x: 12, y: 6, w: 12, h: 9 },
        legend: '{{objective}} in {{window}}',
        unit: 'short',
      }),
      panel(4, 'timeseries', 'Alerts that fire', `${PREFIX}slo_alert_firing{${OBJECTIVE}} == 1`, {
        place: { x: 0, y: 15, w: 12, h: 8 },
        legend: '{{objective}} {{alert}}',
        unit: 'short',
      }),
      panel(5, 'timeseries', 'Kept so far', `${PREFIX}slo_sli{${OBJECTIVE}}`, {
        place: { x: 12, y: 15, w: 12, h: 8 },
        legend: '{{objective}}',
        unit: 'percentunit',
      }),
    ],
  } satisfies Json;
}

interface PanelOptions {
  readonly place: Place;
  readonly legend: string;
  readonly unit: string;
  readonly steps?: { value: number | null; color: string }[];
}

const panel = (
  id: number,
  type: string,
  title: string,
  expr: string,
  { place, legend, unit, steps }: PanelOptions,
) => ({
  id,
  type,
  title,
  datasource: SOURCE,
  gridPos: { ...place },
  fieldConfig: {
    defaults: { unit, ...(steps ? { thresholds: { mode: 'absolute' as const, steps } } : {}) },
    overrides: [],
  },
  targets: [{ refId: 'A', datasource: SOURCE, expr, legendFormat: legend }],
});
