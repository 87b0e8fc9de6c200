import type { Signal } from '../signal.ts';
import { CLOUD } from './cloud.ts';
import { ERASURE } from './erasure.ts';
import { ruleOfGlue } from './glue.ts';
import { LMS } from './lms.ts';
import type { Rule } from './rule.ts';
import { RUNNING } from './running.ts';
import { SIS } from './sis.ts';
import { STORAGE } from './storage.ts';
import { TABLES } from './tables.ts';

/** Every rule, in the order of the runbook. */
export const RULES: readonly Rule[] = [
  ...RUNNING,
  ...LMS,
  ...SIS,
  ...TABLES,
  ...STORAGE,
  ...ERASURE,
  ...CLOUD,
];

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** @throws Error for an id that no rule has: a mistake in the program */
export function ruleOf(id: string): Rule {
  const rule = BY_ID.get(id);
  if (!rule) throw new Error(`there is no rule ${id}`);
  return rule;
}

/** Of a failure that no rule names. */
const UNKNOWN = 'unexpected-error';

/** The rule that fits a signal best: one that names its step before one that names its code before any other. */
export function ruleFor(signal: Signal): Rule | undefined {
  const glue = ruleOfGlue(signal.code);
  if (glue !== undefined) return ruleOf(glue);
  const fitting = RULES.filter(({ when }) => fits(signal, when)).sort((a, b) => precision(b) - precision(a));
  if (fitting[0]) return fitting[0];
  return signal.kind === 'step-failed' || signal.kind === 'source-down' ? ruleOf(UNKNOWN) : undefined;
}

function fits({ kind, code, step }: Signal, when: Rule['when']): boolean {
  if (!when) return false;
  const { kinds, codes, steps } = when;
  // What fails all of a source is a failed step too.
  const isKind = kinds.includes(kind) || (kind === 'source-down' && kinds.includes('step-failed'));
  return isKind && (codes?.includes(code) ?? true) && (steps?.includes(step) ?? true);
}

const precision = ({ when }: Rule): number => (when?.steps ? 2 : 0) + (when?.codes ? 1 : 0);
