import Fraction from 'fraction.js';
import { z } from 'zod';
import { didYouMean } from '../../campus/nearest.ts';
import type { Finding, YamlPath } from '../../campus/problem.ts';
import { defaultAlerts } from '../burn-alerts.ts';
import type { Budgeting, BurnAlert, CalendarUnit, Indicator, Objective, Window } from '../objective.ts';
import { lengthMs } from '../periods.ts';
import type { Setting } from '../written.ts';
import type { OpenSlo, Understood } from './documents.ts';

/** The metric source that the lake measures itself; any other belongs to a program that measures it. */
const SOURCE = 'campus-lake';

const meta = z.object({
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and -'),
  displayName: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const document = <Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) =>
  z.object({ apiVersion: z.literal('openslo/v1'), kind: z.literal(kind), metadata: meta, spec });

const sloDuration = z.string().regex(/^[1-9]\d{0,5}[smhdwMQY]$/, 'a length of time such as 28d');
const metric = z.object({
  metricSource: z.object({
    type: z.string().optional(),
    spec: z.record(z.string(), z.unknown()).default({}),
  }),
});
const sliSpec = z.object({
  thresholdMetric: metric.optional(),
  ratioMetric: z
    .object({ counter: z.boolean().optional(), good: metric.optional(), total: metric.optional() })
    .optional(),
});
const inlineSli = z.object({ metadata: meta.optional(), spec: sliSpec });
const conditionSpec = z.object({
  severity: z.string().default('page'),
  condition: z.object({
    kind: z.literal('burnrate'),
    op: z.enum(['gt', 'gte', 'lt', 'lte']).default('gt'),
    threshold: z.number().positive(),
    lookbackWindow: sloDuration,
    alertAfter: z
      .string()
      .regex(/^\d{1,6}[smhdw]$/, 'a length of time such as 5m')
      .default('0m'),
  }),
});
const inlineCondition = z.object({ kind: z.literal('AlertCondition'), metadata: meta, spec: conditionSpec });
const policySpec = z.object({
  conditions: z
    .array(z.union([inlineCondition, z.object({ conditionRef: z.string() })]))
    .length(1, 'exactly one condition, as OpenSLO v1 has it'),
});
const inlinePolicy = z.object({ kind: z.literal('AlertPolicy'), metadata: meta, spec: policySpec });

const objectiveSchema = z.object({
  displayName: z.string().optional(),
  op: z.enum(['lte', 'gte', 'lt', 'gt']).optional(),
  value: z.number().optional(),
  target: z.number().min(0).lt(1).optional(),
  targetPercent: z.number().min(0).lt(100).optional(),
  timeSliceTarget: z.number().gt(0).max(1).optional(),
  timeSliceWindow: z.union([z.string(), z.number()]).optional(),
  indicator: inlineSli.optional(),
  indicatorRef: z.string().optional(),
  compositeWeight: z.number().positive().optional(),
});

const sloSpec = z.object({
  description: z.string().optional(),
  service: z.string().optional(),
  indicator: inlineSli.optional(),
  indicatorRef: z.string().optional(),
  timeWindow: z
    .array(
      z.object({
        duration: sloDuration,
        isRolling: z.boolean().default(false),
        calendar: z.object({ startTime: z.string().optional(), timeZone: z.string() }).optional(),
      }),
    )
    .length(1, 'exactly one time window, as OpenSLO v1 has it'),
  budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices']),
  objectives: z.array(objectiveSchema).min(1),
  alertPolicies: z
    .array(z.union([z.string(), z.object({ alertPolicyRef: z.string() }), inlinePolicy]))
    .default([]),
});

/** The kinds of OpenSLO v1 that are read. Source: https://github.com/OpenSLO/OpenSLO/blob/main/README.md */
export const KINDS = {
  SLO: document('SLO', sloSpec),
  SLI: document('SLI', sliSpec),
  AlertPolicy: document('AlertPolicy', policySpec),
  AlertCondition: document('AlertCondition', conditionSpec),
  Service: document('Service', z.object({ description: z.string().optional() })),
  DataSource: document('DataSource', z.record(z.string(), z.unknown())),
  AlertNotificationTarget: document('AlertNotificationTarget', z.record(z.string(), z.unknown())),
} as const;

type Slo = z.infer<typeof KINDS.SLO>;
type Written = Slo['spec']['objectives'][number];
type Condition = z.infer<typeof conditionSpec> & { readonly metadata: z.infer<typeof meta> };

/** An objective for each of the document; with several indicators, one that is composed of them by their weights. */
export function toSloObjectives(slo: Slo, all: readonly OpenSlo[], setting: Setting): Understood {
  const findings: Finding[] = [];
  const reader = new Reader(all, setting, findings);
  const { spec, metadata } = slo;
  const window = reader.window(slo);
  const isComposed = spec.indicator === undefined && spec.indicatorRef === undefined;
  const parts = spec.objectives.flatMap((written, i) => {
    const path: YamlPath = ['spec', 'objectives', i];
    const indicator = reader.indicator(
      isComposed ? written : spec,
      written,
      isComposed ? path : ['spec'],
      path,
    );
    const target = reader.target(written, path);
    const budgeting = reader.budgeting(slo, written, path);
    if (!indicator || !target || !budgeting) return [];
    return [{ indicator, target, budgeting, weight: new Fraction(String(written.compositeWeight ?? 1)) }];
  });
  if (!window || findings.length > 0) return { objectives: [], findings };
  const described = {
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...(spec.service === undefined ? {} : { owner: spec.service }),
    window,
    place: '',
  };
  const alertsOf = (indicator: Indicator, target: Fraction) =>
    reader.alerts(slo, indicator, target, lengthMs(window));
  if (isComposed && parts.length > 1) {
    const weights = sum(parts.map(({ weight }) => weight));
    const target = sum(parts.map((part) => part.target.mul(part.weight))).div(weights);
    const indicator: Indicator = { kind: 'composite', parts };
    const budgeting: Budgeting = { method: 'occurrences' };
    return {
      objectives: [
        {
          ...described,
          name: metadata.name,
          indicator,
          target,
          budgeting,
          alerts: alertsOf(indicator, target),
        },
      ],
      findings,
    };
  }
  const objectives = parts.map(
    ({ weight: _, ...part }, i): Objective => ({
      ...described,
      ...part,
      name: parts.length === 1 ? metadata.name : `${metadata.name}-${i + 1}`,
      alerts: alertsOf(part.indicator, part.target),
    }),
  );
  return { objectives, findings };
}

class Reader {
  readonly #all: readonly OpenSlo[];
  readonly #setting: Setting;
  readonly #findings: Finding[];

  constructor(all: readonly OpenSlo[], setting: Setting, findings: Finding[]) {
    this.#all = all;
    this.#setting = setting;
    this.#findings = findings;
  }

  #say(path: YamlPath, text: string): undefined {
    this.#findings.push({ path, text });
    return undefined;
  }

  #named<Kind extends OpenSlo['kind']>(kind: Kind, name: string, path: YamlPath) {
    const ofKind = this.#all.filter((one): one is Extract<OpenSlo, { kind: Kind }> => one.kind === kind);
    const found = ofKind.find((one) => one.metadata.name === name);
    if (found) return found;
    const names = ofKind.map((one) => one.metadata.name);
    return this.#say(path, `there is no ${kind} named "${name}"${didYouMean(name, names)}`);
  }

  window({ spec }: Slo): Window | undefined {
    const { duration: text, isRolling, calendar } = spec.timeWindow[0]!;
    const path: YamlPath = ['spec', 'timeWindow', 0];
    const ms = durationMs(text);
    if (isRolling) {
      if (ms === undefined)
        return this.#say([...path, 'duration'], 'a rolling window has a length in days or weeks');
      return { kind: 'rolling', ms };
    }
    const unit = CALENDAR[text];
    if (!unit || !calendar)
      return this.#say(path, 'a window by the calendar is 1d, 1w, 1M, 1Q or 1Y with calendar.timeZone');
    return { kind: 'calendar', unit, zone: calendar.timeZone };
  }

  target({ target, targetPercent }: Written, path: YamlPath): Fraction | undefined {
    if ((target === undefined) === (targetPercent === undefined))
      return this.#say(path, 'exactly one of target and targetPercent');
    return target === undefined ? new Fraction(String(targetPercent)).div(100) : new Fraction(String(target));
  }

  budgeting({ spec }: Slo, written: Written, path: YamlPath): Budgeting | undefined {
    if (spec.budgetingMethod === 'Occurrences') return { method: 'occurrences' };
    const text = String(written.timeSliceWindow ?? '1m');
    // A number without a unit is one of minutes.
    const sliceMs = durationMs(/^\d+$/.test(text) ? `${text}m` : text);
    if (sliceMs === undefined || sliceMs % 60_000 !== 0)
      return this.#say([...path, 'timeSliceWindow'], 'whole minutes, such as 1m or 5m');
    if (spec.budgetingMethod === 'RatioTimeslices') return { method: 'ratio-timeslices', sliceMs };
    if (written.timeSliceTarget === undefined)
      return this.#say(path, 'Timeslices need a timeSliceTarget: which part of a slice has to be good');
    return { method: 'timeslices', sliceMs, target: new Fraction(String(written.timeSliceTarget)) };
  }

  indicator(
    holder: { indicator?: z.infer<typeof inlineSli>; indicatorRef?: string },
    written: Written,
    path: YamlPath,
    objective: YamlPath,
  ): Indicator | undefined {
    const { indicator, indicatorRef } = holder;
    if ((indicator === undefined) === (indicatorRef === undefined))
      return this.#say(path, 'exactly one of indicator and indicatorRef');
    const spec = indicator?.spec ?? this.#named('SLI', indicatorRef!, [...path, 'indicatorRef'])?.spec;
    if (!spec) return undefined;
    const metric = spec.thresholdMetric ?? spec.ratioMetric?.total;
    const source = metric?.metricSource;
    if (source?.type !== SOURCE)
      return this.#say(
        path,
        `the lake measures what metricSource.type: ${SOURCE} describes${source?.type ? `; "${source.type}" is measured elsewhere` : ''}`,
      );
    if (spec.thresholdMetric) return this.#age(source.spec, written, path, objective);
    return this.#events(source.spec, path);
  }

  #age(
    spec: Record<string, unknown>,
    written: Written,
    path: YamlPath,
    objective: YamlPath,
  ): Indicator | undefined {
    const named = spec.tables ?? (spec.table === undefined ? undefined : [spec.table]);
    if (!Array.isArray(named) || named.length === 0)
      return this.#say(path, 'metricSource.spec needs table or tables: whose age is measured');
    const tables = named.map(String);
    for (const table of tables)
      if (!this.#setting.tables.has(table))
        return this.#say(path, `there is no table "${table}"${didYouMean(table, [...this.#setting.tables])}`);
    if (written.op !== 'lte' || written.value === undefined)
      return this.#say(objective, 'an age is at most so many seconds: op: lte and value');
    return { kind: 'age', tables, atMostMs: written.value * 1000 };
  }

  #events({ events, tables = [] }: Record<string, unknown>, path: YamlPath): Indicator | undefined {
    if (events === 'runs') return { kind: 'runs' };
    if (events === 'checks' && Array.isArray(tables)) return { kind: 'checks', tables: tables.map(String) };
    return this.#say(
      path,
      'ratioMetric.total.metricSource.spec.events is runs or checks (with tables, if not of all)',
    );
  }

  alerts({ spec }: Slo, indicator: Indicator, target: Fraction, periodMs: number): BurnAlert[] {
    if (spec.alertPolicies.length === 0) return defaultAlerts(indicator, target, periodMs);
    return spec.alertPolicies.flatMap((policy, i) => {
      const path: YamlPath = ['spec', 'alertPolicies', i];
      const found = typeof policy === 'object' && 'spec' in policy ? policy : undefined;
      const name =
        typeof policy === 'string' ? policy : 'alertPolicyRef' in policy ? policy.alertPolicyRef : '';
      const held = (found ?? this.#named('AlertPolicy', name, path))?.spec.conditions[0];
      if (!held) return [];
      const condition = 'spec' in held ? held : this.#named('AlertCondition', held.conditionRef, path);
      return condition ? this.#alert(condition.metadata, condition.spec, path) : [];
    });
  }

  #alert(
    metadata: Condition['metadata'],
    { severity, condition }: z.infer<typeof conditionSpec>,
    path: YamlPath,
  ): BurnAlert[] {
    const { op, threshold, lookbackWindow, alertAfter } = condition;
    if (op === 'lt' || op === 'lte') {
      this.#say(path, `${metadata.name} fires while the budget burns slowly: op is gt or gte`);
      return [];
    }
    const longMs = durationMs(lookbackWindow);
    // OpenSLO v1 has no way to say "and in a short window too".
    const short = metadata.annotations?.[`${SOURCE}/short-window`];
    const shortMs = short === undefined ? undefined : durationMs(short);
    if (longMs === undefined || (short !== undefined && shortMs === undefined)) {
      this.#say(path, `${metadata.name}: its windows are lengths such as 1h`);
      return [];
    }
    const forMs = durationMs(alertAfter) ?? 0;
    return [
      {
        name: metadata.name,
        severity: severity === 'page' ? 'page' : 'ticket',
        threshold: new Fraction(String(threshold)),
        inclusive: op === 'gte',
        windowsMs: shortMs === undefined ? [longMs] : [longMs, shortMs],
        ...(forMs > 0 ? { forMs } : {}),
      },
    ];
  }
}

const CALENDAR: Readonly<Record<string, CalendarUnit>> = {
  '1d': 'day',
  '1w': 'week',
  '1M': 'month',
  '1Q': 'quarter',
  '1Y': 'year',
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** Undefined for months, quarters and years, whose lengths differ. */
function durationMs(text: string): number | undefined {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : undefined;
}

const sum = (parts: readonly Fraction[]): Fraction =>
  parts.reduce((all, part) => all.add(part), new Fraction(0));
