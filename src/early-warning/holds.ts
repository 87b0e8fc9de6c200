import type { ObjectStore } from '../ports/objects.ts';
import { encodeDocument, parseDocument } from '../state/document.ts';
import { COURSE_DECISIONS } from './documents.ts';
import type { Drift } from './drift.ts';
import { driftInWords } from './drift.ts';

/** What a person has decided about a course, by its short name. */
export interface CourseDecision {
  readonly course: string;
  /** Whether its scores are held back, or given although it is out of range. */
  readonly decision: 'hold' | 'score';
  readonly because: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** As they are kept. */
export type Decisions = { readonly decisions: readonly CourseDecision[] };

const HOLDS = 'early-warning/holds.json';

/** In the order of the courses. */
export async function readDecisions(objects: ObjectStore): Promise<readonly CourseDecision[]> {
  const text = await objects.getText(HOLDS);
  if (text === undefined) return [];
  // The first format was the list alone.
  const document = text.trimStart().startsWith('[') ? `{"decisions":${text}}` : text;
  return parseDocument<Decisions>(COURSE_DECISIONS, document, HOLDS).decisions;
}

/** Keeps a decision in the place of the one there was about the course. */
export async function decide(objects: ObjectStore, decision: CourseDecision): Promise<void> {
  const others = (await readDecisions(objects)).filter(({ course }) => course !== decision.course);
  const all = [...others, decision].sort((a, b) => (a.course < b.course ? -1 : 1));
  await write(objects, all);
}

async function write(objects: ObjectStore, decisions: readonly CourseDecision[]): Promise<void> {
  const stored = encodeDocument(COURSE_DECISIONS, { decisions });
  await objects.putText(HOLDS, `${JSON.stringify(stored, null, 2)}\n`);
}

/** Leaves a course to the weekly check again. @returns whether there was a decision */
export async function forgetDecision(objects: ObjectStore, course: string): Promise<boolean> {
  const all = await readDecisions(objects);
  const others = all.filter((one) => one.course !== course);
  if (others.length === all.length) return false;
  await write(objects, others);
  return true;
}

/** A course in a week of a running term: whether it lies where the model has learned, and whether it is scored. */
export interface WatchedCourse extends Drift {
  readonly isHeld: boolean;
  /** Why it is held or watched, in words. */
  readonly because?: string;
}

/** A person's decision goes before the check's. */
export function watchedCourse(drift: Drift, decisions: readonly CourseDecision[]): WatchedCourse {
  const said = decisions.find(({ course }) => course === drift.course);
  const found = driftInWords(drift);
  const because = said ? `${said.because} (decided ${said.at.slice(0, 10)})` : found;
  return {
    ...drift,
    isHeld: said ? said.decision === 'hold' : drift.verdict === 'hold',
    ...(because === undefined ? {} : { because }),
  };
}
