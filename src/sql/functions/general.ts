import type { FunctionGroup } from './group.ts';

/** Conditions, and what takes values of any type. */
export const GENERAL: FunctionGroup = {
  supported: `
    coalesce greatest if least nullif try try_cast
  `,
  notInSpark: 'try',
  refused: {
    typeof: ['types have other names in every engine', 'CAST to the type that you need'],
  },
};
