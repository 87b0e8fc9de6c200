import { type AstObject, isObject } from '../tree.ts';
import type { Finding } from './finding.ts';

const DAY = String.raw`\s*\d{4}-\d{1,2}-\d{1,2}`;
const CLOCK = String.raw`([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?`;
const FORMS: { readonly [kind: string]: readonly [form: RegExp, example: string] } = {
  date: [new RegExp(`^${DAY}\\s*$`), "DATE '2026-01-31', in the years 0001 to 9999"],
  time: [new RegExp(`^\\s*${CLOCK}\\s*$`), "TIME '08:15:00'"],
  timestamp: [
    new RegExp(`^${DAY}( ${CLOCK}(\\s*[A-Za-z+-]\\S*)?)?\\s*$`),
    "TIMESTAMP '2026-01-31 08:15:00.250', to the millisecond, in the years 0001 to 9999",
  ],
};

/** Dates and times that are written out: to the millisecond, as Athena reads them. */
export function findTimeLiteral({ literal }: AstObject): Finding | undefined {
  if (!isObject(literal)) return undefined;
  const kind = String(literal.literal_type);
  const [form, example] = (Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined) ?? [];
  const value = String(literal.value);
  if (!form || (form.test(value) && !/^\s*0000/.test(value))) return undefined;
  return [
    `a ${kind} is not written as every engine reads it, or holds more than it can keep`,
    `write ${example}`,
  ];
}
