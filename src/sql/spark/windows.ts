import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import { notInSpark } from './spark-call.ts';

/**
 * A windowed call. What is made of its value is made outside of the window.
 * @throws SqlError for a frame that Spark has not
 */
export function windowed(data: AstObject, was: AstObject): Ast {
  const frame = isObject(data.over) && isObject(data.over.frame) ? data.over.frame : {};
  if (frame.kind === 'Groups') notInSpark('Frames of GROUPS');
  if (frame.kind === 'Range' && JSON.stringify(frame).includes('"interval"')) notInSpark('Frames of times');
  const name = isObject(was.this) ? callOf(was.this)?.name : undefined;
  const over = (value: Ast): AstObject => ({ window_function: { ...data, this: value } });
  if (name === undefined) return over(data.this ?? null);
  let isFound = false;
  const within = (value: Ast): Ast => {
    if (Array.isArray(value)) return value.map(within);
    if (!isObject(value)) return value;
    if ('aggregate_function' in value || callOf(value)?.name === name) {
      isFound = true;
      return over(value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(item ?? null)]));
  };
  const changed = within(data.this ?? null);
  return isFound ? changed : over(data.this ?? null);
}
