import { analyse } from './analysers/all.ts';
import type { Evidence } from './analysis.ts';
import { type Answer, emptyAnswer, type NextStep, type TableNow } from './answer.ts';
import type { Facts, IncidentFact, RunFact } from './facts.ts';
import type { Understood } from './question/understand.ts';
import { type Cause, rank } from './rank.ts';

const RUNBOOK = 'docs/runbook.md';
/** Causes below that are worth a look and no answer. */
const SURE = 0.3;

/** Answers why something is as it is, or how it is, from the rows of the ledger alone. */
export function diagnose(facts: Facts, asked: Understood): Answer {
  const focus = runsInFocus(facts, asked);
  const tables =
    asked.tables.length > 0 ? asked.tables : asked.columns.flatMap((one) => one.tables.slice(0, 1));
  const about = { tables, sources: asked.sources, incident: asked.incident, runs: focus.map(({ id }) => id) };
  const analyses = analyse(facts, about);
  const ranked = rank(facts, analyses);
  const roots = ranked.filter(({ isSymptom }) => !isSymptom);
  const causes = (roots.length > 0 ? roots : ranked).filter(({ confidence }) => confidence >= SURE);
  const base = emptyAnswer('unknown', '', {
    intent: asked.intent,
    about: [
      ...tables,
      ...asked.sources,
      ...(asked.incident ? [asked.incident] : []),
      ...(asked.run ? [asked.run] : []),
    ],
  });
  const evidence = uniqueEvidence(causes);
  const rest = {
    ...base,
    ...(asked.window ? { window: asked.window } : {}),
    analyses: analyses.map(({ candidates: _, ...one }) => one),
    tables: tables.flatMap((table) => nowOf(facts, table)),
    remarks: [
      ...asked.remarks,
      ...(facts.unread.length > 0
        ? [`This role does not read ${facts.unread.join(', ')}; the answer is made without.`]
        : []),
    ],
  };
  const what = whatOf(asked, tables);
  if (facts.runs.length === 0 && facts.incidents.length === 0 && facts.loads.length === 0)
    return {
      ...rest,
      headline: `I do not know: nothing ${asked.window ? `of ${asked.window.words} or ` : ''}of the weeks before is recorded that I may read.`,
      next: [{ text: 'See which runs there are.', command: 'lake status' }],
    };
  if (asked.window && focus.length === 0 && !causes.some(({ isSymptom }) => !isSymptom))
    return {
      ...rest,
      headline: `I do not know: no run of ${asked.window.words} is recorded.`,
      next: [{ text: 'See which runs there are.', command: 'lake status' }],
    };
  if (causes.length === 0) {
    const bad = rest.tables.filter(({ status }) => status !== 'healthy' && status !== 'off');
    if (bad.length > 0 && !asked.window)
      return {
        ...rest,
        headline: `I do not know why ${bad[0]!.table} is ${bad[0]!.status}: nothing that I may read explains it.`,
        next: [{ text: 'Ask its owner, or who operates the lake.', command: `lake health ${bad[0]!.table}` }],
      };
    return {
      ...rest,
      kind: asked.intent === 'status' && rest.tables.length > 0 ? 'status' : 'no-incident',
      headline: `Nothing is wrong with ${what}${asked.window ? ` in ${asked.window.words}` : ''}.${asOfWords(rest.tables)}`,
    };
  }
  const [first, ...others] = causes;
  const [now] = rest.tables;
  const isHow = asked.intent === 'status' && now !== undefined && !first!.isSymptom;
  return {
    ...rest,
    kind:
      first!.isSymptom && asked.intent === 'cause'
        ? 'unknown'
        : asked.intent === 'status'
          ? 'status'
          : 'cause',
    headline: first!.isSymptom
      ? `${first!.text} I do not know why: nothing that I may read explains it.`
      : `${isHow ? `${now.table} is ${now.status}. ` : ''}${first!.text}${others.length > 0 ? ` ${others.length === 1 ? 'There is one more cause' : `There are ${others.length} more causes`}.` : ''}`,
    causes,
    evidence,
    next: causes.slice(0, 3).flatMap((cause) => nextSteps(facts, cause)),
  };
}

/** The run that is named, those of the time that is named, or the newest one. */
export function runsInFocus(facts: Facts, { run, window, incident }: Understood): readonly RunFact[] {
  const { runs } = facts;
  if (run !== undefined) return runs.filter(({ id }) => id === run);
  if (window !== undefined)
    return runs.filter(({ startedAt }) => startedAt >= window.from && startedAt < window.to);
  const found = incident === undefined ? undefined : facts.incidents.find(({ id }) => id === incident);
  if (found) return runs.filter(({ id }) => id === found.lastSeenIn || found.id.startsWith(`${id}/`));
  return runs.slice(-1);
}

function nowOf({ tables, isNow }: Facts, table: string): TableNow[] {
  const found = tables.get(table);
  if (!found || !isNow) return [];
  const { source: _source, reads: _reads, ...now } = found;
  return [now];
}

function whatOf({ sources, incident, run }: Understood, tables: readonly string[]): string {
  if (tables.length > 0) return tables.join(', ');
  if (sources.length > 0) return sources.join(', ');
  return incident ?? run ?? 'the lake';
}

const asOfWords = (tables: readonly TableNow[]): string => {
  const known = tables.filter(({ asOf }) => asOf !== undefined);
  return known.length === 0
    ? ''
    : ` ${known.map(({ table, asOf, nextExpected }) => `${table} is known up to ${asOf}${nextExpected ? `, newer rows are expected by ${nextExpected}` : ''}`).join('; ')}.`;
};

/** What can be done about a cause: what the incident and the runbook say, and where its rows are. */
function nextSteps(facts: Facts, cause: Cause): NextStep[] {
  const incident = facts.incidents.find(({ id }) =>
    cause.evidence.some((one) => one.id === `ops.incidents/${id}`),
  );
  if (incident) return ofIncident(incident);
  const table = facts.tables.get(cause.component);
  const failed = cause.by.includes('failures');
  const [row] = cause.evidence;
  return [
    {
      text: failed
        ? `Look up ${cause.reason} among the codes of failures, and in the runbook.`
        : (ACTIONS[cause.reason] ?? 'Look at the rows that are cited.'),
      link: failed ? 'docs/failure-codes.md' : RUNBOOK,
      ...(row ? { command: commandFor(row) } : {}),
    },
    ...(table?.owner ? [{ text: `${cause.component} is looked after by ${table.owner}.` }] : []),
  ];
}

function ofIncident({ id, action, repairs, assignee, state }: IncidentFact): NextStep[] {
  return [
    { text: `${action} (${assignee})`, link: RUNBOOK, command: `lake incidents show ${id}` },
    ...(state === 'resolved'
      ? []
      : repairs.slice(0, 1).map((repair) => ({
          text: `See what the repair ${repair} would do; with --confirm it is done.`,
          command: `lake incidents fix ${id} --repair ${repair}`,
        }))),
  ];
}

/** The statement that shows a cited row. */
export function commandFor({ id }: Pick<Evidence, 'id'>): string {
  const [table, ...rest] = id.split('/');
  return `lake query "SELECT * FROM ${table} WHERE id = '${rest.join('/').replaceAll("'", "''")}'"`;
}

const ACTIONS: Readonly<Record<string, string>> = {
  'run-missing': 'Start the run, and see why the schedule (cron, or EventBridge on AWS) did not.',
  'run-interrupted': 'Start the run again: it goes on where it was within six hours.',
  'run-hangs': 'See which step it waits for; the runbook says how a hanging run is ended.',
  'schema-changed': 'See what the source changed, and decide on the columns with `lake discover`.',
  'volume-unusual': 'Ask the owner of the source whether so many rows are right.',
  'load-repeated': 'See whether rows came twice; `lake reload` makes the table again.',
  'source-lags': 'Ask who operates the source how far its replica or its exports are.',
  'clock-differs': 'Compare the clocks of the machine and of the source; set them by NTP.',
  'work-slow': 'Compare the work with the runs before: `lake jobs show` and `lake jobs recommend`.',
  'work-queued': 'See what held the queue: `lake jobs summary`.',
  'rows-multiplied':
    'Look for a join whose key is not unique any more; a `unique` check on it finds it next time.',
  'table-emptied': 'See whether the source was emptied; `lake incidents` has the last good version.',
  'rows-doubled': 'Find the doubled keys, and reload the table.',
  'rows-differ': 'Load the table whole: `lake reload`.',
  'rows-break-rule': 'Find the rows that break the check.',
};

const uniqueEvidence = (causes: readonly Cause[]): Evidence[] => [
  ...new Map(
    causes
      .flatMap(({ evidence, explains }) => [...evidence, ...explains.flatMap((one) => one.evidence)])
      .map((one) => [one.id, one]),
  ).values(),
];
