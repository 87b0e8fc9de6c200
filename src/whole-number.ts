import { InputError } from './errors.ts';

/** A whole number given as an option's text. @throws InputError for anything else, and outside of the limits */
export function wholeNumber(
  option: string,
  text: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): number {
  const value = Number(text);
  if (/^\s*\d+\s*$/.test(text) && value >= min && value <= max) return value;
  const limits =
    max < Number.MAX_SAFE_INTEGER
      ? ` from ${min} to ${max.toLocaleString('en-US')}`
      : min > 0
        ? ` from ${min}`
        : '';
  throw new InputError(`${option} takes a whole number${limits}, not "${text}".`);
}
