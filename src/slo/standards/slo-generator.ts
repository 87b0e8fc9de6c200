import Fraction from 'fraction.js';
import { z } from 'zod';
import { didYouMean } from '../../campus/nearest.ts';
import type { Finding, YamlPath } from '../../campus/problem.ts';
import { duration, parseDuration } from '../burn-alerts.ts';
import type { BurnAlert, Indicator } from '../objective.ts';
import type { Setting } from '../written.ts';
import type { Understood } from './documents.ts';

/** The backend that the lake is for slo-generator; any other is asked by slo-generator itself. */
const BACKEND = 'campus_lake';

const stepSchema = z.object({
  name: z.string(),
  window: z.number().int().positive(),
  burn_rate_threshold: z.number().positive(),
  alert: z.boolean().default(true),
  message_alert: z.string().default(''),
  message_ok: z.string().default(''),
});

/** A step of an error budget policy, as slo-generator writes it: seconds, and one window each. */
export type PolicyStep = z.infer<typeof stepSchema>;

export const generatorSchema = z.object({
  apiVersion: z.literal('sre.google.com/v2'),
  kind: z.literal('ServiceLevelObjective'),
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({
    description: z.string().default(''),
    backend: z.string(),
    method: z.string(),
    exporters: z.array(z.string()).default([]),
    service_level_indicator: z.record(z.string(), z.unknown()).default({}),
    goal: z.number().gt(0).lt(1),
    error_budget_policy: z.string().default('default'),
  }),
});

/** The part of slo-generator's shared configuration that is read. */
export const policiesSchema = z.object({
  error_budget_policies: z.record(z.string(), z.object({ steps: z.array(stepSchema).min(1) })),
});

type Written = z.infer<typeof generatorSchema>;
export type Policies = Readonly<Record<string, readonly PolicyStep[]>>;

const step = (name: string, window: number, burn_rate_threshold: number, alert: boolean): PolicyStep => ({
  name,
  window,
  burn_rate_threshold,
  alert,
  message_alert: alert ? 'Defend the objective' : 'Work on reliability first',
  message_ok: 'On track',
});

/** Where no file has policies. Windows and thresholds are slo-generator's own default. */
export const DEFAULT_POLICIES: Policies = {
  default: [
    step('1 hour', 3600, 9, true),
    step('12 hours', 43_200, 3, true),
    step('7 days', 604_800, 1.5, false),
    step('28 days', 2_419_200, 1, false),
  ],
};

/**
 * A file of slo-generator v2 as an objective over the longest window of its policy. A step with `alert: false` is no
 * alert here; slo-generator alerts all the same.
 * Source: https://github.com/google/slo-generator (docs/shared/api.md, report.py)
 */
export function toGeneratorObjective(
  { metadata, spec }: Written,
  setting: Setting,
  policies: Policies = DEFAULT_POLICIES,
): Understood {
  const findings: Finding[] = [];
  const say = (path: YamlPath, text: string): Understood => {
    findings.push({ path, text });
    return { objectives: [], findings };
  };
  if (spec.backend !== BACKEND)
    return say(
      ['spec', 'backend'],
      `the lake measures what backend: ${BACKEND} describes; slo-generator asks "${spec.backend}" itself`,
    );
  const steps = policies[spec.error_budget_policy];
  if (!steps)
    return say(
      ['spec', 'error_budget_policy'],
      `there is no policy "${spec.error_budget_policy}"${didYouMean(spec.error_budget_policy, Object.keys(policies))}`,
    );
  const indicator = toIndicator(spec.service_level_indicator, setting);
  if (typeof indicator === 'string') return say(['spec', 'service_level_indicator'], indicator);
  const alerts = steps
    .filter(({ alert }) => alert)
    .map(
      ({ window, burn_rate_threshold: threshold }): BurnAlert => ({
        name: `page-${duration(window * 1000)}`,
        severity: 'page',
        threshold: new Fraction(String(threshold)),
        windowsMs: [window * 1000],
      }),
    );
  return {
    objectives: [
      {
        name: metadata.name,
        description: spec.description,
        ...(metadata.labels.service_name === undefined ? {} : { owner: metadata.labels.service_name }),
        indicator,
        target: new Fraction(String(spec.goal)),
        window: { kind: 'rolling', ms: Math.max(...steps.map(({ window }) => window)) * 1000 },
        budgeting: { method: 'occurrences' },
        alerts,
        place: '',
      },
    ],
    findings,
  };
}

function toIndicator(
  { table, age, events, tables = [] }: Record<string, unknown>,
  setting: Setting,
): Indicator | string {
  if (events === 'runs') return { kind: 'runs' };
  if (events === 'checks' && Array.isArray(tables)) return { kind: 'checks', tables: tables.map(String) };
  const atMostMs = parseDuration(String(age));
  if (typeof table !== 'string' || atMostMs === undefined)
    return 'table and age (such as 8h), or events: runs or checks';
  if (!setting.tables.has(table))
    return `there is no table "${table}"${didYouMean(table, [...setting.tables])}`;
  return { kind: 'age', tables: [table], atMostMs };
}
