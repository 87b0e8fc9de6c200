import { InputError } from '../../errors.ts';
import type { Uses } from '../../ports/step.ts';
import { labelOf } from '../evaluate/series.ts';
import type { Verdict } from '../evaluate/stream.ts';
import { evaluateHistory } from '../history/evaluate-history.ts';
import { lookBack } from '../history/look-back.ts';
import { publishedTables } from '../history/published.ts';
import { METRICS } from '../metrics.ts';
import { loadAlerts, readsMetric } from '../rules/load-alerts.ts';
import { chosen } from './chosen.ts';

interface Explained {
  readonly name: string;
  readonly description: string;
  readonly written: string;
  readonly place: string;
  readonly program: string;
  readonly step: string;
  readonly metrics: readonly {
    readonly name: string;
    readonly description: string;
    readonly missing: boolean;
  }[];
  /** Null: nothing has been published. */
  readonly evaluated: {
    readonly from: string;
    readonly to: string;
    readonly firing: number;
    readonly pending: number;
    readonly series: readonly {
      readonly series: string;
      readonly phase: string;
      readonly values: readonly { at: string; value: number | null }[];
    }[];
  } | null;
}

/** Series that are shown. */
const MOST_SERIES = 20;

type Needs = Uses<'campus' | 'session' | 'access' | 'clock' | 'ledger' | 'objects' | 'engine'>;

/** @throws InputError for a name or tags that are none */
export async function explainAlert(
  lake: Needs,
  name: string,
  { of = [], steps }: { readonly of?: readonly string[]; readonly steps: string },
): Promise<Explained> {
  const { alerts } = await loadAlerts(lake.campus);
  const [alert] = chosen(alerts, [name]);
  const wanted = of.map((text) => {
    const at = text.indexOf('=');
    if (at < 1)
      throw new InputError(`--of ${text} is no tag.`, { hint: 'write it as tag=value: --of course=BIO101' });
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  if (!/^[1-9]\d{0,3}$/.test(steps))
    throw new InputError(`--steps ${steps} is no number of steps.`, { hint: 'from 1 to 9999' });
  const { tables, asOf } = await publishedTables(lake);
  const to = asOf ?? lake.platform.clock.now();
  const from = lookBack([alert!], to);
  const verdicts: Verdict[] = [];
  const { states, missing } = await evaluateHistory(lake, tables, [alert!], {
    from,
    to,
    onVerdict: (verdict) => {
      verdicts.push(verdict);
      if (verdicts.length > Number(steps)) verdicts.shift();
    },
  });
  const found = new Map<string, { at: string; value: number | null }[]>();
  for (const { samples, at } of verdicts)
    for (const { tags, value } of samples) {
      if (!wanted.every(([key, own]) => tags.get(key) === own)) continue;
      const label = labelOf(tags);
      if (!found.has(label) && found.size >= MOST_SERIES) continue;
      const values = found.get(label) ?? [];
      values.push({ at: new Date(at).toISOString(), value: Number.isFinite(value) ? value : null });
      found.set(label, values);
    }
  const phases = new Map(states.of(name).map(({ tags, state }) => [labelOf(tags), state.phase]));
  const count = (phase: string) => [...phases.values()].filter((one) => one === phase).length;
  return {
    name,
    description: alert!.description,
    written: alert!.written,
    place: alert!.place,
    program: alert!.program,
    step: alert!.axis.name,
    metrics: METRICS.filter((metric) => readsMetric(alert!.expr, metric.name)).map((metric) => ({
      name: metric.name,
      description: metric.description,
      missing: missing.includes(metric.name),
    })),
    evaluated: {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      firing: count('firing'),
      pending: count('pending'),
      series: [...found].map(([series, values]) => ({
        series,
        phase: phases.get(series) ?? 'inactive',
        values,
      })),
    },
  };
}

export function explainInWords(explained: Explained): string {
  const { name, place, description, written, program, step, metrics, evaluated } = explained;
  const lines = [
    `${name} (${place})`,
    `  ${description}`,
    '',
    `  written    ${written}`,
    ...(written === program ? [] : [`  means      ${program}`]),
    `  step       ${step}`,
    ...metrics.map(
      (metric) =>
        `  reads      ${metric.name}: ${metric.description}${metric.missing ? ' (its tables are not there)' : ''}`,
    ),
  ];
  if (evaluated) {
    lines.push(
      '',
      `  From ${day(evaluated.from)} to ${day(evaluated.to)}: fires for ${evaluated.firing}, about to for ${evaluated.pending}.`,
    );
    for (const { series, phase, values } of evaluated.series)
      lines.push(
        '',
        `  ${series}: ${phase}`,
        ...values.map(({ at, value }) => `    ${at.slice(0, 16).replace('T', ' ')}  ${value ?? 'no value'}`),
      );
  }
  return lines.join('\n');
}

const day = (instant: string): string => instant.slice(0, 10);
