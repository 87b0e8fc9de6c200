import type { BinaryOp, UnaryOp } from './expr.ts';

/** A value is true that is a number and not (nearly) zero. */
export const isTrue = (value: number): boolean => Math.abs(value) >= 1e-12;

/** The sum; where one is no number, the other. */
export const addKnown = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);

export const lesserKnown = (a: number, b: number): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);

export const greaterKnown = (a: number, b: number): number =>
  Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);

const bit = (holds: boolean): number => (holds ? 1 : 0);

/** Comparisons with what is no number are false: missing data alone never raise an alert. */
export function binaryValue(op: BinaryOp, a: number, b: number): number {
  switch (op) {
    case 'add':
      return addKnown(a, b);
    case 'sub':
      return addKnown(a, -b);
    case 'div':
      return b === 0 ? (a === 0 ? 0 : Number.NaN) : a / b;
    case 'mul':
    case 'fmul':
      return a * b;
    case 'pow':
      return a ** b;
    case 'fadd':
      return a + b;
    case 'fsub':
      return a - b;
    case 'fdiv':
      return a / b;
    case 'gt':
      return bit(a > b);
    case 'ge':
      return bit(a >= b);
    case 'lt':
      return bit(a < b);
    case 'le':
      return bit(a <= b);
    case 'and':
      return bit(isTrue(a) && isTrue(b));
    case 'or':
      return bit(isTrue(a) || isTrue(b));
  }
}

/** @param limit of the clamps; of `per-step` the length of a step in seconds */
export function unaryValue(op: UnaryOp, value: number, limit: number): number {
  switch (op) {
    case 'abs':
      return Math.abs(value);
    case 'neg':
      return -value;
    case 'sqrt':
      return Math.sqrt(value);
    case 'per-step':
      return value * limit;
    case 'clamp-min':
      return Math.max(value, limit);
    case 'clamp-max':
      return Math.min(value, limit);
  }
}
