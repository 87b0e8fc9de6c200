import type { Campus, Catalog } from '../campus/campus.ts';
import type { Json } from '../json.ts';
import type { AccessRules } from './access.ts';
import type { Feature } from './feature.ts';
import type { LmsSource } from './lms-source.ts';
import type { AskedWork, Hold } from './optional-work.ts';
import type { Platform } from './platform.ts';
import type { Session } from './session.ts';

/** An open lake: what an entry point opens and a step reaches the world through. A step declares the parts it {@link Uses}. */
export interface Lake {
  readonly campus: Campus;
  readonly catalog: Catalog;
  readonly platform: Platform;
  /** As whom it reads. */
  readonly session: Session;
  /** The college's access policy. Absent: there is no role but administrator. */
  readonly access?: AccessRules;
  /** What is installed on top of the journey of the data. Default: nothing. */
  readonly features?: readonly Feature[];
  /** Why work that may wait has to wait now; undefined: it may be done. Absent: nothing ever has to. */
  readonly held?: (asked: AskedWork) => Promise<Hold | undefined>;
  /** The LMS named in `campus.yaml`, opened once in a process. */
  lms(source: string): LmsSource;
  /** Progress and remarks for a person who watches; never data. */
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * The parts of a lake that a step or a function uses, by their names: those of the lake itself and those of its
 * platform, which stay in `platform`.
 *
 * @example
 * ```ts
 * import type { Uses } from './step.ts';
 *
 * // A test passes `{ platform: { clock } }`.
 * const isRecent = ({ platform }: Uses<'clock'>, instant: string): boolean =>
 *   platform.clock.now() - Date.parse(instant) < 86_400_000;
 * ```
 */
export type Uses<Part extends LakePart> = Pick<Lake, Extract<Part, keyof Lake>> &
  ([Extract<Part, keyof Platform>] extends [never]
    ? unknown
    : { readonly platform: Pick<Platform, Extract<Part, keyof Platform>> });

/** A part of a lake or of its platform, by its name. */
export type LakePart = Exclude<keyof Lake, 'platform'> | Exclude<keyof Platform, 'close'>;

export interface Report {
  /** A remark worth a line: a retry, a new snapshot, a changed schema. `about` is a dataset or a model. */
  note(about: string, text: string): void;
  /** Bytes or rows done so far of one dataset. */
  progress(about: string, done: { bytes?: number; rows?: number; text?: string }): void;
}

/**
 * One unit of the pipeline: JSON in, JSON out, safe to repeat.
 * @typeParam Needs the parts of the lake that it uses, as {@link Uses} names them. Default: all
 *
 * @example
 * ```ts
 * import type { Step, Uses } from './step.ts';
 *
 * // It is safe to repeat: of rows with one id, the last counts.
 * const countTables: Step<{ run: string }, { tables: number }, Uses<'catalog' | 'ledger' | 'report'>> = {
 *   name: 'count-tables',
 *   async run({ run }, { catalog, platform, report }) {
 *     const tables = catalog.datasets.length;
 *     const text = `${tables} tables`;
 *     await platform.ledger.append('remarks', [{ id: `${run}/tables`, run, about: 'catalog', text }]);
 *     report.note('catalog', text);
 *     return { tables };
 *   },
 * };
 * ```
 */
export interface Step<In extends Json = Json, Out extends Json = Json, Needs = Lake> {
  readonly name: string;
  run(input: In, lake: Needs): Promise<Out>;
}

/** What a waiting step answers until it is done. */
export interface NotYet {
  [key: string]: Json;
  readonly done: false;
  readonly retryAfterSeconds: number;
}
