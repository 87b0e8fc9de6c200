import type { Json } from '../json.ts';
import { client, markdown, notebookOf, parameters, query } from './cells.ts';
import type { Cell, Notebook } from './format.ts';
import { clockTime, escapedMarkdown, percent, tableOf } from './words.ts';

interface Deed {
  readonly at: string;
  readonly by: string;
}

/** What is known of an incident, as its reader may know it. Instants are ISO 8601 UTC. */
export interface IncidentStory {
  /** `<run>/<key>`. */
  readonly id: string;
  readonly title: string;
  readonly cause: string;
  readonly state: string;
  readonly severity: string;
  readonly confidence: number;
  readonly alternatives: readonly { readonly cause: string; readonly confidence: number }[];
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly lastSeenIn: string;
  readonly acknowledged?: Deed;
  readonly resolved?: Deed & { readonly how: string };
  readonly tables: readonly string[];
  readonly affected: readonly string[];
  readonly assignee: string;
  readonly evidence: readonly { readonly at: string; readonly kind: string; readonly message: string }[];
  readonly consequences: readonly { readonly cause: string; readonly tables: readonly string[] }[];
  /** Markdown. */
  readonly why: string;
  readonly manualSteps: string;
  readonly hint?: string;
  readonly tried: readonly (Deed & {
    readonly repair: string;
    readonly state: string;
    readonly text: string;
  })[];
  readonly rule: { readonly version: number; readonly analysers: string };
  /** What the lake can do now. */
  readonly proposals: readonly { readonly repair: string; readonly text: string }[];
}

/** What a notebook of an incident reads. */
export interface IncidentSources {
  /** The publication that is read, by its name: what people saw. */
  readonly publication: string;
  /** The one before the incident, where it is kept. */
  readonly before?: string;
  /** Tables that the reader may ask: those of the incident that are published, and of the ledger. */
  readonly tables: readonly string[];
  /** Those of the incident that are loaded from a source. */
  readonly datasets: readonly string[];
  readonly ledger: readonly string[];
}

/** Tables whose rows are counted. */
const COUNTED = 8;
/** Datasets whose loads are listed. */
const LOADED = 20;
const DEAD_ENDS = 3;

/** The notebook of an incident: what was asked of the lake and what it has answered, to be run again and gone on with. */
export function incidentNotebook(story: IncidentStory, sources: IncidentSources): Notebook {
  const { publication, before } = sources;
  const cells: Cell[] = [
    ...heading(story),
    parameters({
      incident: story.id,
      run: story.lastSeenIn,
      publication,
      ...(before === undefined ? {} : { before }),
    }),
    client(),
    ...evidence(sources),
    ...tables(sources),
    ...deadEnds(story, sources),
    ...ending(story),
    markdown(
      'go-on',
      '## Notes\n\nGo on here. Cells of `ask`, `show` and `chart` are run by `lake notebook run`, too.',
      [],
    ),
    { ...query(BLANK), metadata: {} },
    markdown('notes', '', []),
  ];
  const kept: Record<string, Json> = { kind: 'incident', incident: story.id, publication };
  return notebookOf(cells, kept);
}

const BLANK = {
  id: 'blank',
  about: 'Another question, such as this one',
  name: 'answer',
  sql: 'SELECT 1 AS one',
} as const;

/** A notebook for a question of one's own. */
export function blankNotebook(title: string, publication: string): Notebook {
  return notebookOf(
    [
      markdown('question', `# ${escapedMarkdown(title)}\n\n## Question\n\nWhat is asked, and why.`, []),
      parameters({ publication }),
      client(),
      {
        ...query({ ...BLANK, about: 'Rows of a publication: :name in the text takes a value' }),
        metadata: {},
      },
      markdown('answer', '## Answer\n\nWhat was found, and what speaks against it.', []),
    ],
    { kind: 'question', title, publication },
  );
}

function heading(story: IncidentStory): Cell[] {
  const { id, title, state, severity, assignee, openedAt, lastSeenAt } = story;
  const names = [...story.tables, ...story.affected];
  return [
    markdown(
      'question',
      [
        `# ${escapedMarkdown(title)}`,
        '',
        tableOf(
          ['', ''],
          [
            ['incident', id],
            ['state', `${state}, ${severity}`],
            ['since', clockTime(openedAt)],
            ['last seen', clockTime(lastSeenAt)],
            ['whose', assignee],
            [
              'tables',
              names.length === 0 ? 'none' : names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : ''),
            ],
          ],
        ),
        '',
        '## Question',
        '',
        'What went wrong, why, and what does it reach?',
      ].join('\n'),
    ),
    markdown('timeline', `## Timeline\n\n${tableOf(['when', 'what'], timeline(story))}`),
  ];
}

function timeline({
  openedAt,
  evidence,
  tried,
  acknowledged,
  resolved,
  lastSeenAt,
}: IncidentStory): string[][] {
  const events: (readonly [string, string])[] = [
    ...reported(evidence),
    [openedAt, 'the incident was opened'],
    ...tried.map(
      ({ at, by, repair, text, state }) => [at, `${repair} by ${by}: ${text} (${state})`] as const,
    ),
    ...(acknowledged ? [[acknowledged.at, `acknowledged by ${acknowledged.by}`] as const] : []),
    [lastSeenAt, 'last seen by a run'],
    ...(resolved ? [[resolved.at, `resolved by ${resolved.by}: ${resolved.how}`] as const] : []),
  ];
  return events.sort(([a], [b]) => Date.parse(a) - Date.parse(b)).map(([at, what]) => [clockTime(at), what]);
}

/** What was reported, each once: with how often where it was several times. */
function reported(signals: IncidentStory['evidence']): (readonly [string, string])[] {
  const times = new Map<string, string[]>();
  for (const { at, kind, message } of signals) {
    const said = `${kind}: ${message}`;
    times.set(said, [...(times.get(said) ?? []), at]);
  }
  return [...times].map(([said, all]) => {
    const [first, last] = [[...all].sort()[0]!, [...all].sort().at(-1)!];
    return [first, all.length === 1 ? said : `${said} (${all.length} times, the last at ${clockTime(last)})`];
  });
}

function evidence({ ledger }: IncidentSources): Cell[] {
  const has = (...names: string[]) => names.every((name) => ledger.includes(name));
  const cells: Cell[] = [];
  if (has('ops.signals'))
    cells.push(
      query({
        id: 'signals',
        about: 'What steps, sources and checks have reported in that run',
        name: 'signals',
        sql: 'SELECT at, kind, about, source, code, severity, message\nFROM ops.signals\nWHERE run = :run\nORDER BY at, id\nLIMIT 200',
        values: ['run'],
      }),
    );
  if (has('ops.steps'))
    cells.push(
      query({
        id: 'failed-steps',
        about: 'Steps that failed in it',
        name: 'failed_steps',
        sql: "SELECT step, item, code, attempt, started_at, error\nFROM ops.steps\nWHERE run = :run AND status = 'failed'\nORDER BY started_at, id\nLIMIT 200",
        values: ['run'],
      }),
    );
  if (has('ops.runs'))
    cells.push(
      query({
        id: 'failures-by-run',
        about: 'Failures of the runs up to it: since when?',
        name: 'runs',
        sql: 'SELECT run, failures\nFROM (SELECT run, failures, started_at FROM ops.runs WHERE run <= :run ORDER BY started_at DESC LIMIT 30)\nORDER BY started_at',
        values: ['run'],
        chart: { kind: 'line', x: 'run', y: 'failures', title: 'Failures of each run' },
      }),
    );
  return cells.length > 0 ? [markdown('evidence', '## Evidence'), ...cells] : [];
}

function tables({ tables: all, datasets, ledger, before }: IncidentSources): Cell[] {
  const counted = all.slice(0, COUNTED);
  const cells: Cell[] = [];
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const counts = counted
    .map((table) => `SELECT ${literal(table)} AS table_name, count(*) AS row_count FROM ${table}`)
    .join('\nUNION ALL\n');
  const title = 'Rows that people see';
  if (counted.length > 0) {
    cells.push(
      query({
        id: 'rows',
        about: 'Rows of the tables that it concerns, in what people saw',
        name: 'row_counts',
        sql: counts,
        chart: { kind: 'bar', x: 'table_name', y: 'row_count', title },
      }),
    );
    if (before !== undefined)
      cells.push(
        query({
          id: 'rows-before',
          about: 'The same before the incident',
          name: 'row_counts_before',
          sql: counts,
          asOf: 'before',
          chart: { kind: 'bar', x: 'table_name', y: 'row_count', title: `${title}, before` },
        }),
      );
  }
  if (datasets.length > 0 && ledger.includes('ops.loads'))
    cells.push(
      query({
        id: 'loads',
        about: 'The newest loads of its datasets up to that run',
        name: 'loads',
        sql: `SELECT dataset, run, kind, rows, committed_at\nFROM ops.loads\nWHERE run <= :run AND dataset IN (${datasets.slice(0, LOADED).map(literal).join(', ')})\nORDER BY committed_at DESC, dataset\nLIMIT 50`,
        values: ['run'],
      }),
    );
  if (ledger.includes('ops.checks'))
    cells.push(
      query({
        id: 'checks',
        about: 'Checks that did not pass in that run',
        name: 'checks',
        sql: "SELECT table_name, check_name, severity, status, failing, found\nFROM ops.checks\nWHERE run = :run AND status <> 'passed'\nORDER BY table_name, check_name\nLIMIT 200",
        values: ['run'],
      }),
    );
  return cells.length > 0 ? [markdown('tables', '## Tables'), ...cells] : [];
}

const deadEndId = (cause: string): string =>
  `dead-end-${cause.replaceAll(/[^a-zA-Z0-9-]/g, '-').slice(0, 40)}`;

const deadEnd = ({ cause, confidence }: IncidentStory['alternatives'][number]): Cell =>
  markdown(
    deadEndId(cause),
    `### ${escapedMarkdown(cause)}\n\nConsidered, and not taken for the cause: ${percent(confidence)} sure by the same signals.`,
  );

function deadEnds({ alternatives }: IncidentStory, { ledger }: IncidentSources): Cell[] {
  if (alternatives.length === 0) return [];
  return [
    markdown('dead-ends', '## Dead ends'),
    ...alternatives.slice(0, DEAD_ENDS).flatMap((one) => [
      deadEnd(one),
      ...(ledger.includes('ops.diagnoses')
        ? [
            query({
              id: `${deadEndId(one.cause)}-seen`,
              about: 'Whether it has been the cause before',
              name: `seen_${one.cause.replaceAll(/[^a-zA-Z0-9]/g, '_')}`,
              sql: `SELECT run, incident, confidence, at\nFROM ops.diagnoses\nWHERE cause = '${one.cause.replaceAll("'", "''")}' AND run <= :run\nORDER BY at DESC, incident\nLIMIT 20`,
              values: ['run'],
            }),
          ]
        : []),
    ]),
  ];
}

function ending(story: IncidentStory): Cell[] {
  const { cause, confidence, why, rule, consequences, manualSteps, hint, tried, proposals, resolved } = story;
  const followed = consequences.map(
    (one) => `- and so ${escapedMarkdown(one.cause)}: ${escapedMarkdown(one.tables.slice(0, 10).join(', '))}`,
  );
  const fixes = [
    ...tried.map(
      ({ repair, by, at, text, state }) =>
        `- ${escapedMarkdown(`${clockTime(at)}: ${repair} by ${by}, ${text} (${state})`)}`,
    ),
    ...(resolved
      ? [`- ${escapedMarkdown(`${clockTime(resolved.at)}: resolved by ${resolved.by}: ${resolved.how}`)}`]
      : []),
    ...proposals.map(
      ({ repair, text }) => `- not done yet: \`${repair}\`, which would ${escapedMarkdown(text)}`,
    ),
  ];
  return [
    markdown(
      'diagnosis',
      [
        '## Diagnosis',
        '',
        `\`${cause}\`, ${percent(confidence)} sure (rule version ${rule.version}).`,
        '',
        why,
        ...(followed.length > 0 ? ['', ...followed] : []),
      ].join('\n'),
    ),
    markdown(
      'procedure',
      [
        '## What a person does',
        '',
        ...(hint === undefined ? [] : [escapedMarkdown(hint), '']),
        manualSteps,
      ].join('\n'),
    ),
    markdown('fix', `## The fix\n\n${fixes.length > 0 ? fixes.join('\n') : 'Nothing was done yet.'}`),
  ];
}
