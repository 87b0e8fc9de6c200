import { LakeError, type Reach } from './errors.ts';
import { systemError } from './system-error.ts';

/**
 * A failure as data: what the ledger keeps and notifications, `lake status` and `--json` carry. Every text in it is
 * the lake's own words; what a driver, a library or a server said is not in it.
 */
export type Failure = {
  /** Stable, kebab-case; docs/runbook.md lists them. */
  readonly code: string;
  /** Class of the error. */
  readonly class: string;
  /** The dataset, model or file; empty for the run as a whole. */
  readonly about: string;
  /** The source, by its name in campus.yaml; empty where it is of none. */
  readonly source: string;
  readonly retryable: boolean;
  readonly reach: Reach;
  /** What was being done and what was found. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  /** Where the fault is in a file that a person wrote. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
};

/** What is known of a failure besides the error itself. */
export interface FailureContext {
  /** The step that failed. Default: none is named. */
  readonly step?: string;
  /** The dataset or model that the step was about. Default: what the error is about. */
  readonly item?: string;
  /** Names of the sources in campus.yaml, to find the one that `item` belongs to. Default: none. */
  readonly sources?: readonly string[];
  /** The source that the step works on, where it is about no one item of it. Default: that of the item. */
  readonly source?: string;
}

export const RUN_AGAIN = 'Run `lake run` again; if it fails in the same way, run `lake doctor`.';

/** A message longer than this says no more to anybody; it is cut. */
const LONGEST = 2_000;

/** An error as a failure. Only errors of the lake lend their words; any other is named by its class and code alone. */
export function failureOf(error: unknown, context: FailureContext = {}): Failure {
  const known = error instanceof LakeError ? error : systemError(error);
  if (known === undefined) return unexpected(error, context);
  const chain = ownErrors(known);
  const first = <T>(pick: (e: LakeError) => T | undefined) => chain.map(pick).find((v) => v !== undefined);
  const about = context.item || first((e) => e.about) || '';
  const place = chain.find((e) => e.file !== undefined || e.line !== undefined);
  return {
    code: known.code,
    class: known.name,
    about,
    source: first((e) => e.source) ?? (sourceOf(about, context.sources) || (context.source ?? '')),
    retryable: known.retryable,
    reach: known.reach,
    message: sentence(messageOf(chain)),
    hint: sentence(first((e) => e.hint) ?? RUN_AGAIN),
    ...(place?.file === undefined ? {} : { file: place.file }),
    ...(place?.line === undefined ? {} : { line: place.line }),
    ...(place?.column === undefined ? {} : { column: place.column }),
  };
}

/** The error and the causes below it, down to the first that is not one of the lake's. */
export function ownErrors(error: LakeError): LakeError[] {
  const chain: LakeError[] = [];
  for (let e: unknown = error; e instanceof LakeError && chain.length < 4; e = e.cause) chain.push(e);
  return chain;
}

function messageOf(chain: readonly LakeError[]): string {
  const messages: string[] = [];
  for (const { message } of chain) {
    if (message && !messages.some((m) => m.includes(message))) messages.push(message);
  }
  return messages.map(sentence).join(' Cause: ');
}

function unexpected(error: unknown, { step, item = '', sources, source = '' }: FailureContext): Failure {
  const where = step ? ` in step ${step}` : '';
  return {
    code: 'unexpected',
    class: classOf(error),
    about: item,
    source: sourceOf(item, sources) || source,
    retryable: false,
    reach: 'item',
    message: `An unexpected error of class ${nameOfUnexpected(error)}${where}.`,
    hint: 'Run it again with LAKE_DEBUG_LOG=<file> set: that file, readable by you alone, gets what was really said. Report it with the class and the step.',
  };
}

/** `TypeError`, or `DatabaseError 22P02`: the class and the code, which hold no value; never the message. */
export function nameOfUnexpected(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)
    ? `${classOf(error)} ${code}`
    : classOf(error);
}

function classOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  // `name` can be set to anything; a class's name is written in a program.
  const name = error.constructor?.name;
  return name && /^[A-Za-z_$][\w$]{0,80}$/.test(name) ? name : 'Error';
}

function sourceOf(about: string, sources: readonly string[] = []): string {
  const first = about.split('.', 1)[0]!;
  return sources.includes(first) ? first : '';
}

/** Texts follow each other in a line, so each ends as a sentence does. */
function sentence(text: string): string {
  const bounded = shortened(text.trim());
  return /[.!?…]$/.test(bounded) ? bounded : `${bounded}.`;
}

const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '')}…`;
