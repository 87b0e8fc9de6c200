import Fraction from 'fraction.js';
import { z } from 'zod';
import { didYouMean } from '../../campus/nearest.ts';
import type { Finding, YamlPath } from '../../campus/problem.ts';
import { defaultAlerts } from '../burn-alerts.ts';
import type { Indicator, Objective } from '../objective.ts';
import type { Setting } from '../written.ts';
import type { Understood } from './documents.ts';

const property = z.object({
  id: z.string().optional(),
  property: z.string(),
  value: z.union([z.string(), z.number()]),
  unit: z.string().optional(),
  element: z.string().optional(),
});

export const contractSchema = z.object({
  kind: z.literal('DataContract'),
  apiVersion: z.string().regex(/^v3\./, 'a contract of ODCS v3'),
  id: z.string(),
  name: z.string().optional(),
  schema: z.array(z.object({ name: z.string().optional(), physicalName: z.string().optional() })).default([]),
  slaProperties: z.array(property).default([]),
});

type Contract = z.infer<typeof contractSchema>;
type Property = z.infer<typeof property>;

/** A contract says what has to hold, not how often: so often. */
const TARGET = new Fraction(99, 100);
const PERIOD_MS = 28 * 86_400_000;

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 6e4,
  min: 6e4,
  minute: 6e4,
  minutes: 6e4,
  h: 36e5,
  hr: 36e5,
  hour: 36e5,
  hours: 36e5,
  d: 864e5,
  day: 864e5,
  days: 864e5,
};

/**
 * The promises of a data contract that are about time: `latency` or `freshness` (no older than) and
 * `timeOfAvailability` (ready at). What else it promises is no objective of the lake and is left out.
 * Source: https://bitol-io.github.io/open-data-contract-standard/v3.1.0/service-level-agreement/
 */
export function toContractObjectives(contract: Contract, setting: Setting): Understood {
  const findings: Finding[] = [];
  const objectives = contract.slaProperties.flatMap((written, i): Objective[] => {
    const path: YamlPath = ['slaProperties', i];
    const understood = toIndicator(written, contract, setting);
    if (understood === undefined) return [];
    if (typeof understood === 'string') {
      findings.push({ path, text: understood });
      return [];
    }
    const name = `${slug(contract.name ?? contract.id)}-${slug(written.id ?? `${written.property}-${i + 1}`)}`;
    return [
      {
        name,
        indicator: understood,
        target: TARGET,
        window: { kind: 'rolling', ms: PERIOD_MS },
        budgeting: { method: 'occurrences' },
        alerts: defaultAlerts(understood, TARGET, PERIOD_MS),
        place: '',
      },
    ];
  });
  return { objectives, findings };
}

/** Undefined: it is about something else. A text: why it cannot be understood. */
function toIndicator(
  written: Property,
  contract: Contract,
  setting: Setting,
): Indicator | string | undefined {
  const isAge = ['latency', 'freshness', 'ly', 'fy'].includes(written.property);
  const isDeadline = ['timeOfAvailability', 'ta'].includes(written.property);
  if (!isAge && !isDeadline) return undefined;
  const tables = tablesOf(written, contract);
  if (tables.length === 0) return 'which table? element is missing, and the contract has no schema';
  const unknown = tables.find((table) => !setting.tables.has(table));
  if (unknown !== undefined)
    return `there is no table "${unknown}"${didYouMean(unknown, [...setting.tables])}`;
  if (isAge) {
    const unit = UNIT_MS[written.unit ?? ''];
    const value = Number(written.value);
    if (!unit || !(value > 0)) return `${written.property}: a number with a unit of minutes, hours or days`;
    return { kind: 'age', tables, atMostMs: value * unit };
  }
  const time = /^([01]\d|2[0-3]):([0-5]\d)([+-]\d\d:\d\d)?$/.exec(String(written.value));
  if (!time) return 'timeOfAvailability: a time such as 07:00, or 07:00-05:00';
  return {
    kind: 'deadline',
    tables,
    at: `${time[1]}:${time[2]}`,
    days: [1, 2, 3, 4, 5, 6, 7],
    atMostMs: 864e5,
    ...(time[3] === undefined ? {} : { zone: time[3] }),
  };
}

/** `canvas.submissions` or a column of it; without an element all tables of the contract. */
function tablesOf({ element }: Property, { schema }: Contract): string[] {
  if (element === undefined) return schema.flatMap(({ physicalName, name }) => physicalName ?? name ?? []);
  return element.split(',').map((one) => one.trim().split('.').slice(0, 2).join('.'));
}

const slug = (text: string): string =>
  text
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
