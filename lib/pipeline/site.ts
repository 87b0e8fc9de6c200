import type { EachNode } from '../../src/pipeline/plan.ts';
import { type Expression, expression, FRAME, quoted } from './asl.ts';
import type { Drawing } from './drawing.ts';
import { type CallState, task } from './states.ts';

/** What is the same everywhere in one state machine. */
export interface Sheet {
  readonly partition: string;
  readonly functionOf: (step: string) => string;
  /** Function that opens and ends runs, writes lists and records failures. */
  readonly control: string;
  readonly seconds: number;
  readonly distributed: (list: EachNode) => boolean;
  /** Items of a list at once, at most. */
  readonly atOnce: number;
}

/** Where on the sheet a node is drawn. Paths are JSONata. */
export interface Site {
  readonly sheet: Sheet;
  readonly drawing: Drawing;
  readonly path: string;
  /** What is under way, for the names of states. */
  readonly title: string;
  /** How failures end here: recorded by `record`; the execution goes on at `next`. */
  readonly scope: { readonly next: string; readonly record: string; readonly path: string };
}

/** Where the frame itself says that we are. */
const FRAME_PATH = '$states.input.path';

/** A place whose failures are recorded there and go no further than to `next`. */
export function openScope(
  parts: Omit<Site, 'scope' | 'path'>,
  next: string,
  path: string = FRAME_PATH,
): Site {
  const { drawing, sheet, title } = parts;
  const payload: CallState = { call: 'failed', path: expression(path), frame: FRAME };
  const record = drawing.add(
    `${title}: record what failed`,
    task({ ...control(sheet), payload, output: FRAME, next }),
  );
  return { ...parts, path, scope: { next, record, path } };
}

/** A call of the function that belongs to no step. */
export function control(sheet: Sheet) {
  return { ...invoke(sheet), functionArn: sheet.control };
}

/** How any function is called. */
export const invoke = ({ partition, seconds }: Sheet) => ({
  resource: `arn:${partition}:states:::lambda:invoke`,
  seconds,
});

/** The path of a part of a place. */
export const inside = (path: string, part: string) => `${path} & ${quoted(`/${part}`)}`;

/** A frame that knows the run and the place, and nothing else. */
export const frameAt = (path: string): Expression =>
  expression(
    `{"run": $states.input.run, "attempt": $states.input.attempt, "path": ${quoted(path)}, "label": ""}`,
  );
