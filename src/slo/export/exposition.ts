import { METRICS, type Metric, type Sample } from './metrics.ts';

/** What every name begins with in Prometheus. */
export const PREFIX = 'campus_lake_';

/** Of an answer in this format. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Samples in the text format of Prometheus: one block for each metric, with its help and its type.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposition(samples: readonly Sample[]): string {
  const blocks = (Object.keys(METRICS) as Metric[]).flatMap((metric) => {
    const own = samples.filter((one) => one.metric === metric);
    if (own.length === 0) return [];
    const name = `${PREFIX}${metric}`;
    return [
      `# HELP ${name} ${METRICS[metric]}`,
      `# TYPE ${name} gauge`,
      ...own.map(({ labels, value }) => `${seriesOf(name, labels)} ${value}`),
    ];
  });
  return blocks.map((line) => `${line}\n`).join('');
}

/** `campus_lake_slo_burn_rate{objective="fresh",window="1h"}` */
export const seriesOf = (name: string, labels: Sample['labels']): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${escaped(value)}"`)
    .join(',')}}`;

const escaped = (value: string): string =>
  value.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
