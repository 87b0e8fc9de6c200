import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Command } from 'commander';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { Campus } from '../campus/campus.ts';
import type { Json } from '../json.ts';
import type { AddedOpsTable } from './ledger.ts';
import type { MeasuredWork, Usage } from './metering.ts';
import type { ObjectStore } from './objects.ts';
import type { FeatureHolds } from './optional-work.ts';
import type { Lake, Step, Uses } from './step.ts';
import type { TableSet, TableVersion } from './tables.ts';

/**
 * What a feature adds to the lake. A feature is a folder in `src/` with one object of this kind, which is listed in
 * `src/features.ts`; everything else that a run, a command or a deployment needs to know of it is derived from here.
 * The object is read by every command and by the deployment, so it is data: code is imported when it is needed.
 *
 * @example
 * ```ts
 * import type { Feature } from './feature.ts';
 *
 * export const openSections: Feature = {
 *   name: 'open-sections',
 *   models: [{ name: 'open_sections', sql: 'SELECT id FROM canvas.course_sections' }],
 *   dictionary: [{ title: 'Open sections', text: 'A section is open while students can register.' }],
 *   rights: { read: ['open-sections/*'] },
 * };
 * ```
 */
export interface Feature {
  /** Its name in kebab-case, unique. Its remarks in `ops.remarks` carry it as `about`. */
  readonly name: string;
  readonly steps?: readonly FeatureStep[];
  /** SELECTs that are built in every run with the campus's own models. Default: none. */
  readonly models?: readonly FeatureModel[];
  /** Curated tables that its steps write themselves. Default: none. */
  readonly tables?: FeatureTables;
  /** Tables of the ledger to which its steps append. Default: none. */
  readonly opsTables?: readonly AddedOpsTable[];
  /** Files beside campus.yaml that only it reads. Default: none. */
  readonly files?: readonly FeatureFile[];
  /** Sections of the data dictionary. Default: none; its tables are described there in any case. */
  readonly dictionary?: readonly DictionarySection[];
  /** Commands of the program. Default: none. */
  readonly commands?: readonly FeatureCommand[];
  /**
   * What it knows of the state of the lake at the end of a run that somebody may have to act on, such as a promise that
   * is about to be broken. One that throws costs its own signals only.
   */
  signals?(lake: FeatureLake, run: string): Promise<readonly FeatureSignal[]>;
  /** What is to be told besides how the run ended, at its end. One that throws costs its own notices only. */
  notices?(lake: FeatureLake, run: string): Promise<readonly FeatureNotice[]>;
  /** Is told what each step of a run has used. Default: it is not. */
  readonly stepMeter?: FeatureStepMeter;
  /** What it adds to the notification on a finished run. One that throws costs its own lines, not the notification. */
  summary?(lake: FeatureLake, run: string): Promise<FeatureSummary | undefined>;
  /** The rows of it that `lake demo` shows at its end. Default: none. */
  readonly highlight?: FeatureHighlight;
  /** Work that may wait, and that it wants to wait. Default: it holds nothing. */
  readonly holds?: FeatureHolds;
  /** Lists of students for the people who help them, shown by the workbench. Default: none. */
  readonly lists?: readonly FeatureList[];
  /** What it keeps of single people besides its tables, for requests of one person. Default: nothing. */
  readonly people?: FeaturePeople;
  /** What its steps may do on AWS beyond what the function of the models may. Default: nothing. */
  readonly rights?: FeatureRights;
  /** What it looks at between runs. On AWS a schedule of its own stack asks for it. Default: nothing. */
  readonly watch?: FeatureWatch;
  /** What it adds to the deployment on AWS: a stack `<lake>-<name>`, between data and notification. Default: none. */
  readonly stack?: FeatureStack;
}

/** The parts of a lake that a feature's steps and summary may use. */
export type FeatureLake = Uses<
  | 'campus'
  | 'catalog'
  | 'session'
  | 'features'
  | 'report'
  | 'signal'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
>;

/**
 * Where in a run a feature's step can be: `models` after the models are built, `publish` after people see them, `end`
 * when all has been tried, before the team is told; a step of that slot comes in every run, whatever has failed.
 */
export type FeatureSlot = 'models' | 'publish' | 'end';

/**
 * A step that takes `{ run }`. It runs in a branch of its own: where it fails, the run is reported as failed and goes
 * on without it.
 *
 * @example
 * ```ts
 * import type { FeatureStep } from './feature.ts';
 *
 * const greet: FeatureStep = {
 *   name: 'greet',
 *   after: 'publish',
 *   load: async () => ({
 *     name: 'greet',
 *     async run({ run }, { report }) {
 *       report.note('greeting', `hello from ${run}`);
 *       return {};
 *     },
 *   }),
 * };
 * ```
 */
export interface FeatureStep {
  /** Unique among all steps. */
  readonly name: string;
  readonly after: FeatureSlot;
  /** Seconds of one call on AWS, for the estimate of its costs. Default: 2. */
  readonly seconds?: number;
  load(): Promise<Step<{ run: string }, Json, FeatureLake>>;
}

/**
 * Who is told of every step of a run as it ends. What it keeps are measurements: a process that is killed may lose the
 * last of them, and one that fails costs its own records, never the run.
 */
export interface FeatureStepMeter {
  /** Opened once for a run on one machine, and for each call of a function on AWS. */
  open(lake: Uses<'clock' | 'ledger' | 'target'>, run: string): Promise<StepMeter>;
}

/** See {@link FeatureStepMeter}. */
export interface StepMeter {
  /** Takes a step that has ended. Does not wait for anything. */
  step(step: MeasuredStep): void;
  /** Takes work outside of any step. */
  work(work: MeasuredWork): void;
  /** Writes down what it has taken. */
  flush(): Promise<void>;
}

/** A step that has ended, and what it used. */
export interface MeasuredStep {
  readonly step: string;
  /** What it was about: a dataset, a model; empty for the run as a whole. */
  readonly item: string;
  /** Place in the plan, as in `ops.steps`. */
  readonly path: string;
  readonly attempt: number;
  /** When it was first tried and when it ended, epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** How long of that time it was worked on or stood in a queue; the rest it waited for others. */
  readonly activeMs: number;
  /** How often it was tried: a step that is waited for says "not yet" until it is done. */
  readonly tries: number;
  readonly failed: boolean;
  /** What it answered. Absent where it failed. */
  readonly output?: Json;
  /** What it used besides its work, in parts. */
  readonly used: readonly Usage[];
  /** In the order in which it ended. */
  readonly work: readonly MeasuredWork[];
}

/**
 * A model as in `models/`, with its header. A file of the same name in the campus's folder takes its place.
 *
 * @example
 * ```ts
 * import type { FeatureModel } from './feature.ts';
 *
 * const people: FeatureModel = {
 *   name: 'people_by_state',
 *   sql: `-- description: users by their state
 * -- grain: workflow_state
 * -- owner: Data team
 * -- column workflow_state (none): state of the user
 * -- column people (none): how many users are in it
 * SELECT workflow_state, count(*) AS people FROM canvas.users GROUP BY workflow_state`,
 * };
 * ```
 */
export interface FeatureModel {
  /** The table is `campus.<name>`. */
  readonly name: string;
  readonly sql: string;
}

/** Curated tables that are there without a model of the campus's folder: they are published, served and described. */
export interface FeatureTables {
  /** `campus.<name>` each. A record of one that is not listed is forgotten at the next publication. */
  readonly names: readonly string[];
  /** The model text (or only its header) that describes each, also of tables that are never published. */
  headers(campus: Pick<Campus, 'root' | 'models'>): Promise<readonly DescribedText[]>;
  /**
   * Builds them over no rows, for their columns. @param built the models of every run, over no rows too
   */
  overNothing(lake: FeatureLake, built: TableSet): Promise<readonly EmptyTable[]>;
}

export interface DescribedText {
  readonly table: string;
  /** Begins with a header. */
  readonly text: string;
}

/** A table without rows, and the text of the SELECT that gave it. */
export interface EmptyTable {
  /** For messages: a path, or a name that ends with `.sql`. */
  readonly file: string;
  readonly text: string;
  readonly version: TableVersion;
}

/**
 * What a feature says of a finished run: counts and names of tables, never a value of a row.
 *
 * @example
 * ```ts
 * import type { FeatureSummary } from './feature.ts';
 *
 * const summary: FeatureSummary = {
 *   headline: '2 sections are over-full',
 *   lines: ['2 sections have more students than seats.'],
 * };
 * ```
 */
export interface FeatureSummary {
  /** Part of the subject when the run succeeded: `31 students may need attention`. */
  readonly headline?: string;
  readonly lines: readonly string[];
}

/**
 * Records about single people that a feature keeps besides its tables. `isSought` is true of the numbers of the SIS by
 * which the person is known.
 *
 * @example
 * ```ts
 * import type { FeaturePeople } from './feature.ts';
 *
 * const people: FeaturePeople = {
 *   load: async () => ({
 *     find: async (objects, isSought) => (isSought('S1') ? [{ note: await objects.getText('notes/S1.txt') ?? null }] : []),
 *     forget: async (objects, isSought) => {
 *       if (isSought('S1')) await objects.delete(['notes/S1.txt']);
 *       return 1;
 *     },
 *   }),
 * };
 * ```
 */
export interface FeaturePeople {
  load(): Promise<{
    /** The records about that person, whole. */
    find(objects: ObjectStore, isSought: (number: string) => boolean): Promise<Json[]>;
    /** Removes them, and the person from records about others. Repeated, it finds nothing. @returns records changed */
    forget(objects: ObjectStore, isSought: (number: string) => boolean): Promise<number>;
  }>;
}

/**
 * Something of the lake's state that is as it should not be: names and counts, never a value of a row.
 *
 * @example
 * ```ts
 * import type { FeatureSignal } from './feature.ts';
 *
 * const late: FeatureSignal = {
 *   code: 'reminders-late',
 *   about: 'reminders',
 *   tables: ['canvas.submissions'],
 *   severity: 'warning',
 *   message: 'The reminders of today were not made.',
 * };
 * ```
 */
export interface FeatureSignal {
  /** Stable, kebab-case. */
  readonly code: string;
  /** What it is about, by the feature's own name for it. */
  readonly about: string;
  /** The tables that it concerns. */
  readonly tables: readonly string[];
  readonly severity: 'warning' | 'error';
  readonly message: string;
}

/**
 * A message of its own to the team. Nobody receives one key twice.
 *
 * @example
 * ```ts
 * import type { FeatureNotice } from './feature.ts';
 *
 * const notice: FeatureNotice = {
 *   key: 'reminders/2026-11-30',
 *   severity: 'info',
 *   subject: '12 reminders were made',
 *   sections: [{ title: '', lines: ['12 reminders were made for 3 courses.'] }],
 *   reference: { what: 'Reminders', id: '2026-11-30' },
 * };
 * ```
 */
export interface FeatureNotice {
  readonly key: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** One line. */
  readonly subject: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** What it is about, for a person who looks it up. */
  readonly reference: { readonly what: string; readonly id: string };
  /** Owners whom it concerns, as the catalog names them. Default: the team alone. */
  readonly owners?: readonly string[];
  /** The same for programs. Default: nothing. */
  readonly data?: { readonly [field: string]: Json };
  /** What a webhook is sent instead. Default: subject, text and data. */
  readonly event?: CloudEvent;
}

/**
 * Something that happened, in structured JSON. Source and id together are unique: a receiver can tell a repetition.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  /** A URI reference: `/campus-lake/springfield/levels` */
  readonly source: string;
  /** `campus-lake.service-level.firing` */
  readonly type: string;
  readonly subject: string;
  /** RFC 3339 */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: { readonly [field: string]: Json };
};

/** Rows of one curated table as a person reads them on a terminal. */
export interface FeatureHighlight {
  /** `campus.<name>` */
  readonly table: string;
  /** The SELECT of the rows, the most important first: a cell for each of `columns` and one for `last`. */
  readonly sql: string;
  /** @param rows how many there are @param shown how many are shown */
  heading(rows: number, shown: number): string;
  /** Columns of a fixed width, in characters. */
  readonly columns: readonly { readonly title: string; readonly width: number }[];
  /** The title of the last column, which takes what is left of the line. */
  readonly last: string;
  /** One row where the screen is too narrow for a table. */
  brief(row: readonly string[]): string;
  /** How to read them. */
  readonly note: string;
}

/**
 * Students from one curated table, the most important first. Only columns that the reader's role sees are shown.
 *
 * @example
 * ```ts
 * import type { FeatureList } from './feature.ts';
 *
 * const list: FeatureList = {
 *   title: 'Holds',
 *   table: 'campus.holds',
 *   order: [{ column: 'placed_on', descending: true }],
 *   columns: [{ name: 'student_id', title: 'student' }],
 *   reasons: 'why',
 *   note: 'A hold is no judgement.',
 * };
 * ```
 */
export interface FeatureList {
  readonly title: string;
  /** `campus.<name>` */
  readonly table: string;
  readonly order: readonly { readonly column: string; readonly descending?: boolean }[];
  /** A condition in Athena's SQL over its columns: which rows count. Where a role lacks one of the columns that it reads, it gets no list. */
  readonly where?: { readonly sql: string; readonly reads: readonly string[] };
  readonly columns: readonly { readonly name: string; readonly title: string }[];
  /** The column that says why a student is on the list, in words. */
  readonly reasons: string;
  /** How to read it. */
  readonly note: string;
}

/**
 * A YAML file that a person writes.
 *
 * @example
 * ```ts
 * import type { FeatureFile } from './feature.ts';
 *
 * const remindersFile = (loadSchema: FeatureFile['loadSchema']): FeatureFile => ({ name: 'reminders.yaml', loadSchema });
 * ```
 */
export interface FeatureFile {
  /** In the folder of campus.yaml; ends with `.yaml`. */
  readonly name: string;
  /** A folder of other files that belong to it. Default: none. */
  readonly folder?: string;
  /** Its schema, also for editors: `schemas/<name>.schema.json`. */
  loadSchema(): Promise<z.ZodType>;
  /**
   * Reads it as a run does, for `lake doctor`. Default: it is not looked at.
   * @returns what is in it, in words; undefined where it is not there
   * @throws InputError for a mistake in it
   */
  examine?(lake: Uses<'campus' | 'catalog' | 'features'>): Promise<string | undefined>;
}

/** Markdown below a heading of its own. */
export interface DictionarySection {
  readonly title: string;
  readonly text: string;
}

/**
 * `lake <name>`.
 *
 * @example
 * ```ts
 * import type { CommandFlags, FeatureCommand } from './feature.ts';
 *
 * const command: FeatureCommand = {
 *   name: 'tables-count',
 *   description: 'how many tables the catalog has',
 *   load: async () => (command, tools) => {
 *     tools.addOptions(command).action((flags: CommandFlags) =>
 *       tools.run(async () => {
 *         const tables = await tools.withLake(flags, async ({ catalog }) => catalog.datasets.length);
 *         tools.printJson({ tables });
 *       }, flags),
 *     );
 *   },
 * };
 * ```
 */
export interface FeatureCommand {
  readonly name: string;
  /** The line in `lake --help`. */
  readonly description: string;
  load(): Promise<(command: Command, tools: CommandTools) => void>;
}

/** What every command that works on a campus takes. */
export interface CommandFlags {
  /** The campus file. */
  readonly campus: string;
  readonly json?: boolean;
  /** Where the lake lives. Default: on this machine. */
  readonly target?: 'local' | 'aws';
}

/** What a command needs of the program that it is part of. */
export interface CommandTools {
  /** Adds `--campus` and `--json`. */
  addOptions(command: Command): Command;
  /** Adds `--target`, for a command that works on a lake on AWS as well. */
  addTargetOption(command: Command): Command;
  /** Runs the command's work: an error is printed and becomes the exit code. Never rejects. */
  run(work: () => Promise<number> | Promise<void>, flags: { readonly json?: boolean }): Promise<void>;
  /** Opens the campus's lake for the time of `work`. */
  withLake<T>(flags: CommandFlags, work: (lake: Lake) => Promise<T>): Promise<T>;
  /** The same for work that takes a while: on a terminal it shows the title and the progress that is reported. */
  whileWorking<T>(title: string, flags: CommandFlags, work: (lake: Lake) => Promise<T>): Promise<T>;
  /** Loads the lake, as `lake run` does without its display. */
  runLake(
    flags: CommandFlags,
  ): Promise<{ readonly run: string; readonly status: string; readonly failures: number }>;
  /** Prints one JSON document. */
  printJson(value: unknown): void;
}

/** Records of the lake, by patterns such as `my-feature/*`. */
export interface FeatureRights {
  /** Default: none. */
  readonly read?: readonly string[];
  /** To read and to write. Default: none. */
  readonly write?: readonly string[];
}

/**
 * Looks at the lake and tells what it must, in a few seconds; repeated, it tells nothing twice.
 *
 * @example
 * ```ts
 * import type { FeatureWatch } from './feature.ts';
 *
 * const uptime: FeatureWatch = {
 *   load: async () => async () => ({ found: { up: true }, metrics: [{ name: 'Up', dimensions: {}, value: 1 }] }),
 * };
 * ```
 */
export interface FeatureWatch {
  load(): Promise<(lake: WatchLake) => Promise<Watched>>;
}

export type WatchLake = Uses<
  'campus' | 'catalog' | 'features' | 'signal' | 'clock' | 'ledger' | 'secrets' | 'topic'
>;

export interface Watched {
  /** What was found, for whoever has asked. */
  readonly found: Json;
  /** Values for CloudWatch, in the namespace `CampusLake`; each has the lake's name as the dimension `Lake` too. */
  readonly metrics: readonly {
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/**
 * Constructs that a feature needs on AWS. They are in a file `infrastructure.ts` of the feature's folder, the only one
 * that may import the CDK, which only a deployment loads.
 */
export interface FeatureStack {
  load(): Promise<BuildFeatureStack>;
}

export interface BuildFeatureStack {
  /** @param stack where the constructs go: a stack of the feature's own, deployed after the data and the topic */
  (stack: Construct, deployment: FeatureDeployment): void;
  /** Whether this campus needs the stack. Default: every campus does. */
  readonly isNeeded?: (campus: Campus) => boolean;
}

/** What of the lake a feature's constructs may use. Names and ARNs in it are tokens of the CDK. */
export interface FeatureDeployment {
  /** The lake's name, which begins the names of its resources. */
  readonly name: string;
  readonly campus: Campus;
  /** Encrypts everything of the lake. */
  readonly key: IKey;
  /** Bucket of the lake's records, also those of features: `rights`. */
  readonly records: IBucket;
  /** Topic of the notifications to the data team. */
  readonly topic: ITopic;
}

/** The tables of the ledger that features add. */
export const addedTables = (features: readonly Feature[] = []): AddedOpsTable[] =>
  features.flatMap(({ opsTables = [] }) => opsTables);
