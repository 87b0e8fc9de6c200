import type { FeatureRights, FeatureStack, FeatureWatch } from './feature/aws.ts';
import type { FeatureCommand } from './feature/commands.ts';
import type {
  DigestAsked,
  FeatureDigest,
  FeatureNotice,
  FeatureSignal,
  FeatureSummary,
} from './feature/messages.ts';
import type { FeatureResident } from './feature/resident.ts';
import type { FeatureRounds } from './feature/rounds.ts';
import type { DictionarySection, FeatureHighlight, FeatureList } from './feature/shown.ts';
import type { FeatureLake, FeatureStep, FeatureStepMeter } from './feature/steps.ts';
import type { FeatureFile, FeatureModel, FeaturePeople, FeatureTables } from './feature/tables.ts';
import type { AddedOpsTable } from './ledger.ts';
import type { FeatureHolds } from './optional-work.ts';

export type {
  BuildFeatureStack,
  FeatureDeployment,
  FeatureRights,
  FeatureStack,
  FeatureWatch,
  Watched,
  WatchLake,
} from './feature/aws.ts';
export type { CommandFlags, CommandRole, CommandTools, FeatureCommand } from './feature/commands.ts';
export type {
  CloudEvent,
  DigestAsked,
  FeatureDigest,
  FeatureNotice,
  FeatureSignal,
  FeatureSummary,
} from './feature/messages.ts';
export type { FeatureResident, OpenResident, Resident } from './feature/resident.ts';
export type { FeatureRounds, RoundWork } from './feature/rounds.ts';
export type { DictionarySection, FeatureHighlight, FeatureList } from './feature/shown.ts';
export type {
  FeatureLake,
  FeatureSlot,
  FeatureStep,
  FeatureStepMeter,
  MeasuredStep,
  StepMeter,
} from './feature/steps.ts';
export type {
  DescribedText,
  EmptyTable,
  FeatureFile,
  FeatureModel,
  FeaturePeople,
  FeatureTables,
} from './feature/tables.ts';

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
  /** Its part of the daily line and of the weekly summary. One that throws costs its own lines. Default: it has none. */
  digest?(lake: FeatureLake, asked: DigestAsked): Promise<FeatureDigest | undefined>;
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
  /** What it does while `lake follow` runs. Default: nothing. */
  readonly resident?: FeatureResident;
  /** What it makes of the changes of each round of `lake follow`. Default: nothing. */
  readonly rounds?: FeatureRounds;
  /** What it looks at between runs. On AWS a schedule of its own stack asks for it. Default: nothing. */
  readonly watch?: FeatureWatch;
  /** What it adds to the deployment on AWS: a stack `<lake>-<name>`, between data and notification. Default: none. */
  readonly stack?: FeatureStack;
}

/** The tables of the ledger that features add. */
export const addedTables = (features: readonly Feature[] = []): AddedOpsTable[] =>
  features.flatMap(({ opsTables = [] }) => opsTables);
