import { isScalar, parseDocument, Scalar } from 'yaml';
import type { SettingChange } from './rules.ts';

/** A setting of campus.yaml, what it is now and what it would be. */
export interface Patch {
  /** `aws.spark.workers` */
  readonly setting: string;
  readonly before: string | number;
  readonly after: string | number;
}

/**
 * What a change does to a text of campus.yaml. Undefined where it would leave the setting as it is.
 * @param text of the file as a person wrote it
 */
export function patchOf(text: string, change: SettingChange): Patch | undefined {
  const found = parseDocument(text).getIn([...change.path]);
  const before = (found ?? change.default) as string | number;
  const after =
    'times' in change
      ? Math.max(change.least, Math.ceil(Number(before) * change.times))
      : later(String(before), change.minutesLater);
  return after === before ? undefined : { setting: change.path.join('.'), before, after };
}

function later(time: string, minutes: number): string {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const at = (hour * 60 + minute + minutes) % 1440;
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

/**
 * The text with the setting changed. Where the setting is written, only its value is replaced, and every other
 * character stays; where it is not, it is added, and comments stay where they are.
 */
export function applyPatch(text: string, { setting, after }: Patch): string {
  const path = setting.split('.');
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  const value = typeof after === 'number' ? String(after) : JSON.stringify(after);
  if (isScalar(node) && node.range) return text.slice(0, node.range[0]) + value + text.slice(node.range[1]);
  const added = new Scalar(after);
  if (typeof after === 'string') added.type = Scalar.QUOTE_DOUBLE;
  document.setIn(path, added);
  return document.toString({ lineWidth: 0 });
}
