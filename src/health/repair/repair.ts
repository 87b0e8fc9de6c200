import type { Uses } from '../../ports/step.ts';
import type { Incident } from '../incidents/incident.ts';
import type { RepairName } from '../rules/rule.ts';

/** What repairs use of a lake. */
export type RepairLake = Uses<'campus' | 'catalog' | 'clock' | 'objects' | 'ledger' | 'engine'>;

/** What a repair would do: its dry run. */
export interface RepairPlan {
  /** The tables that it changes; none: there is nothing for it to do. */
  readonly tables: readonly string[];
  /** What would be done, in a sentence. */
  readonly text: string;
}

/** How often, how soon and how widely a repair may be done without a person. */
export interface Limits {
  /** Attempts at one incident. */
  readonly attempts: number;
  /** So long after the last attempt at the same incident. */
  readonly coolDownMs: number;
  /** The tables that it may change at once: its blast radius. */
  readonly tables: number;
}

/** Something that can be done about incidents. Doing it again changes nothing that is done already. */
export interface Repair {
  readonly name: RepairName;
  /** For a list and a button. */
  readonly title: string;
  /** What it does, and what it does not. */
  readonly about: string;
  /** Absent: the lake never does it alone. */
  readonly alone?: Limits;
  /** How long it is waited with: it is due then. Default: it is done at once. */
  waitMs?(attempts: number, incident: Incident): number;
  plan(lake: RepairLake, incident: Incident): Promise<RepairPlan>;
  /** Does what was planned. Absent: a run is all that it needs. */
  apply?(lake: RepairLake, plan: RepairPlan): Promise<void>;
}

/** The tables of an incident that are datasets which the catalog loads. */
export const datasetsIn = ({ catalog }: Uses<'catalog'>, { tables }: Pick<Incident, 'tables'>): string[] =>
  catalog.datasets.filter(({ id, load }) => load !== 'off' && tables.includes(id)).map(({ id }) => id);
