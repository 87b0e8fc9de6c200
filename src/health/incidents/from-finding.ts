import { analysersInWords } from '../diagnosis/diagnose.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { Signal } from '../signal.ts';
import type { Incident } from './incident.ts';

/** So many signals are kept as evidence, and so many tables are named. */
const EVIDENCE = 25;
const NAMED = 200;

/** The parts of an incident that a diagnosis decides; a later one replaces them. */
export type Diagnosed = Pick<
  Incident,
  | 'key'
  | 'cause'
  | 'title'
  | 'scope'
  | 'severity'
  | 'confidence'
  | 'alternatives'
  | 'tables'
  | 'affected'
  | 'owners'
  | 'assignee'
  | 'evidence'
  | 'consequences'
  | 'why'
  | 'manualSteps'
  | 'hint'
  | 'repairs'
  | 'rule'
> & { readonly at: string };

/** @param ownerOf who answers for a table */
export function diagnosed(
  finding: Finding,
  ownerOf: (table: string) => string | undefined,
  readersOf: (tables: Iterable<string>) => readonly string[],
): Diagnosed {
  const { key, rule, scope, confidence, alternatives, consequences, at } = finding;
  const ownTables = finding.tables.length > 0 || scope.kind !== 'table' ? finding.tables : [scope.name];
  const followed = unique(consequences.flatMap(({ tables }) => tables));
  const affected = unique([...followed, ...readersOf([...ownTables, ...followed])]).filter(
    (table) => !ownTables.includes(table),
  );
  const owners = unique([...ownTables, ...affected].map((table) => ownerOf(table) ?? '').filter(Boolean));
  const evidence = inOrder([...finding.signals, ...consequences.flatMap(({ signals }) => signals)]);
  const hint = finding.signals.find((one) => one.hint !== '')?.hint;
  return {
    key,
    cause: rule.id,
    title: titleOf(finding),
    scope: { kind: scope.kind, name: scope.name },
    severity: rule.severity === undefined || rule.severity === 'info' ? 'error' : 'warning',
    confidence: Math.round(confidence * 1000) / 1000,
    alternatives,
    tables: ownTables.slice(0, NAMED),
    affected: affected.slice(0, NAMED),
    owners,
    assignee: assigneeOf(finding, ownTables, ownerOf),
    evidence: evidence.slice(0, EVIDENCE),
    consequences: consequences.map((one) => ({ cause: one.rule.id, tables: one.tables.slice(0, NAMED) })),
    why: rule.runbook.cause,
    manualSteps: rule.runbook.action,
    ...(hint === undefined ? {} : { hint }),
    repairs: rule.repairs ?? [],
    rule: { version: rule.version, analysers: analysersInWords() },
    at,
  };
}

/** `The source does not answer: canvas, 36 tables` */
function titleOf({ rule, scope, tables }: Finding): string {
  if (scope.kind === 'lake') return rule.title;
  const many = scope.kind === 'source' && tables.length > 1 ? `, ${tables.length} tables` : '';
  const one = scope.kind === 'source' && tables.length === 1 ? `, ${tables[0]}` : '';
  return `${rule.title}: ${scope.name}${many}${one}`;
}

function assigneeOf(
  { rule, scope }: Finding,
  tables: readonly string[],
  ownerOf: (table: string) => string | undefined,
): string {
  const [owner] = tables.flatMap((table) => ownerOf(table) ?? []);
  if (rule.assignee === 'owner') return owner ?? 'operator of the lake';
  if (rule.assignee === 'source' && scope.kind === 'source') return `operator of ${scope.name}`;
  return 'operator of the lake';
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
/** Of one moment, what is surely wrong comes first. */
const inOrder = (signals: readonly Signal[]): Signal[] =>
  [...signals].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.severity === 'error' ? -1 : 1));
